import Glibc
import Synchronization

/// A file of JSON lines (RFC 8259): every change and every refusal of rights, in the order in which they came to be written.
///
/// Each line goes out by one `write(2)` to a file that is open for appending, so that a server, its commands and further processes can
/// write one file together, and a line that was recorded is with the kernel when `record` returns. Nothing waits in memory.
public final class AuditLog: Sendable {
    /// Why events are not in the log.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The file; nil for standard error.
        public let path: String?
        /// `errno`; `ENOSPC` also for a line that found room for a part of itself only.
        public let code: Int32

        public var description: String {
            "the audit log \(path ?? "on standard error") cannot be written: \(String(cString: strerror(code)))"
        }
    }

    /// Nobody is told of failures here: there would be no other place for it.
    public static let standardError = AuditLog(path: nil, descriptor: STDERR_FILENO)
    /// Records nothing.
    public static let off = AuditLog(path: nil, descriptor: nil)

    /// Whether events go anywhere: when not, none needs to be made.
    public let isOn: Bool
    private let path: String?
    private let onFailure: @Sendable (Failure) -> Void
    private let state: Mutex<State>

    private struct State {
        var descriptor: Int32?
        /// Whether a part of a line stands at the end, after which the next one must not simply go on.
        var isTorn = false
        var isFailing = false
    }

    /// Opens the file, or makes it for its owner alone (0600).
    ///
    /// - Parameter onFailure: told when a line could not be written, once until one can again. Called by whoever records, after the lock
    ///   was let go.
    /// - Throws: ``Failure``, for example as its folder is missing.
    public convenience init(path: String, onFailure: @escaping @Sendable (Failure) -> Void = { _ in }) throws(Failure) {
        self.init(path: path, descriptor: try Self.open(path), onFailure: onFailure)
    }

    init(path: String?, descriptor: Int32?, onFailure: @escaping @Sendable (Failure) -> Void = { _ in }) {
        self.path = path
        self.onFailure = onFailure
        isOn = descriptor != nil
        state = Mutex(State(descriptor: descriptor))
    }

    deinit {
        guard path != nil else { return }
        state.withLock { state in
            if let descriptor = state.descriptor { close(descriptor) }
        }
    }

    /// Writes one line. Takes the time of a copy into the kernel's memory, so it may be called on an event loop.
    public func record(_ event: AuditEvent) {
        guard isOn else { return }
        let line = event.line
        let failure = state.withLock { state in Self.write(line, &state) }
        if let failure { onFailure(Failure(path: path, code: failure)) }
    }

    /// Opens the file anew, after it was renamed to make room for a new one. Every event is in the one or the other. Standard error and
    /// nothing stay what they are.
    ///
    /// - Throws: ``Failure``; then the old file goes on being written.
    public func reopen() throws(Failure) {
        guard let path else { return }
        let new = try Self.open(path)
        let old = state.withLock { state in
            let old = state.descriptor
            state = State(descriptor: new)
            return old
        }
        if let old { close(old) }
    }

    private static func open(_ path: String) throws(Failure) -> Int32 {
        while true {
            // O_NONBLOCK has no effect on a file; a pipe in its place that nobody reads is an error at once instead of a server that hangs.
            let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
            if descriptor >= 0 { return descriptor }
            guard errno == EINTR else { throw Failure(path: path, code: errno) }
        }
    }

    /// Whether a pipe that somebody has set not to block takes something again, within a moment.
    private static func hasRoom(_ descriptor: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&wait, 1, 100) > 0
    }

    /// - Returns: `errno` if the line is lost and the last one was not.
    private static func write(_ line: [UInt8], _ state: inout State) -> Int32? {
        guard let descriptor = state.descriptor else { return nil }
        let bytes = state.isTorn ? [UInt8(ascii: "\n")] + line : line
        var result: Int
        repeat {
            result = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        } while result < 0 && (errno == EINTR || (errno == EAGAIN && hasRoom(descriptor)))
        let code = result < 0 ? errno : ENOSPC
        if result == bytes.count {
            (state.isTorn, state.isFailing) = (false, false)
            return nil
        }
        if result > 0 { state.isTorn = true }
        defer { state.isFailing = true }
        return state.isFailing ? nil : code
    }
}

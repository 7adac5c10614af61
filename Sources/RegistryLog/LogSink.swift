import Dispatch
import Logging
import Synchronization

/// Where every line of the log goes: a buffer that any thread may append to, and one writer that empties it into a file descriptor.
///
/// A line of level warning or above is written at once, any other after a short delay, or when a good deal of them has come together.
/// Appending never waits for the descriptor: when whoever reads the log does not keep up, lines over the capacity are dropped, and as
/// soon as writing goes on, a line says how many.
public final class LogSink: Sendable {
    static let urgentSize = 256 * 1024

    private struct State {
        var waiting: [UInt8] = []
        /// The buffer of the last write, kept for its memory.
        var spare: [UInt8] = []
        var dropped = 0
        var scheduled: Schedule = .nothing
    }

    private enum Schedule { case nothing, later, now }

    public let format: LogFormat
    private let capacity: Int
    private let delay: DispatchTimeInterval
    private let output: LogOutput
    private let state: Mutex<State>
    /// Serial: this is what makes one writer of it.
    private let queue = DispatchQueue(label: "log")

    /// - Parameters:
    ///   - descriptor: An open file descriptor, by default standard error. It is not closed here.
    ///   - capacity: The bytes that may wait to be written; 4 MiB are some 15,000 requests.
    ///   - delay: The longest that a line below warning waits, in whole milliseconds: short enough for whoever watches the log, long
    ///     enough that a busy server writes in large pieces.
    public init(format: LogFormat, descriptor: Int32 = 2, capacity: Int = 4 * 1024 * 1024, delay: Duration = .milliseconds(100)) {
        self.format = format
        self.capacity = capacity
        self.delay = .milliseconds(Int(delay / .milliseconds(1)))
        output = LogOutput(descriptor: descriptor)
        state = Mutex(State())
    }

    /// Writes everything that was appended before this call, or gives up after `limit`. To be called before the process exits.
    public func flush(within limit: Duration = .seconds(1)) {
        let done = DispatchSemaphore(value: 0)
        queue.async {
            self.drain()
            done.signal()
        }
        let (seconds, attoseconds) = limit.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        _ = done.wait(timeout: .now() + .nanoseconds(Int(nanoseconds)))
    }

    /// Appends a line that was formatted by the caller, so that the lock is held only for the copy.
    func append(_ line: LineWriter, level: Logger.Level) {
        let wanted = state.withLock { state in
            guard state.waiting.count + line.bytes.count <= capacity else {
                state.dropped += 1
                return Self.next(&state, isUrgent: true)
            }
            state.waiting.append(contentsOf: line.bytes)
            return Self.next(&state, isUrgent: level >= .warning || state.waiting.count >= Self.urgentSize)
        }
        switch wanted {
        case .nothing: break
        case .later: queue.asyncAfter(deadline: .now() + delay) { self.drain() }
        case .now: queue.async { self.drain() }
        }
    }

    /// What has to be scheduled beyond what already is.
    private static func next(_ state: inout State, isUrgent: Bool) -> Schedule {
        switch (state.scheduled, isUrgent) {
        case (.now, _), (.later, false): return .nothing
        case (_, true): state.scheduled = .now
        case (.nothing, false): state.scheduled = .later
        }
        return state.scheduled
    }

    /// Only ever runs on ``queue``.
    private func drain() {
        var (bytes, dropped) = state.withLock { state in
            let taken = (state.waiting, state.dropped)
            state.waiting = state.spare
            state.spare = []
            state.dropped = 0
            state.scheduled = .nothing
            return taken
        }
        if dropped > 0 {
            bytes.append(contentsOf: notice(dropped: dropped))
        }
        guard !bytes.isEmpty else { return }
        let lost = output.write(bytes)
        bytes.removeAll(keepingCapacity: true)
        state.withLock { state in
            state.spare = bytes
            // The notice is the last line: when anything is lost, it is, and what it would have told has to be told again.
            if lost > 0 { state.dropped += lost + (dropped > 0 ? dropped - 1 : 0) }
        }
    }

    private func notice(dropped: Int) -> [UInt8] {
        var line = LineWriter(format: format)
        line.begin(.warning, at: .now)
        line.text("message", "lines of the log were dropped: nobody read them fast enough")
        line.number("count", dropped)
        line.end()
        return line.bytes
    }
}

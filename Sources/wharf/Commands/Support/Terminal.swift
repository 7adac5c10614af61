import Glibc
import SystemPackage

/// The terminal that the command was started from, wherever its input and output go.
struct Terminal {
    private let file: FileDescriptor

    /// Nil when there is none, as in a script of a server.
    static func open() -> Terminal? {
        (try? FileDescriptor.open("/dev/tty", .readWrite, options: .closeOnExec)).map { Terminal(file: $0) }
    }

    func close() { try? file.close() }

    /// Asks for a line that is not shown.
    ///
    /// - Returns: Nil when it was abandoned. Ctrl-C ends the process, as it does elsewhere.
    func askHidden(_ question: String) throws -> String? {
        var before = termios()
        guard tcgetattr(file.rawValue, &before) == 0 else { throw Errno(rawValue: errno) }
        var hidden = before
        // Keys come one by one, Ctrl-C among them, so that nothing can end the process before the terminal is as it was.
        hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
        // What was typed ahead may have been meant for something else.
        guard tcsetattr(file.rawValue, TCSAFLUSH, &hidden) == 0 else { throw Errno(rawValue: errno) }
        let end: TypedLine.End
        do {
            defer {
                tcsetattr(file.rawValue, TCSAFLUSH, &before)
                _ = try? file.writeAll("\n".utf8)
            }
            try file.writeAll(question.utf8)
            end = try typed()
        }
        switch end {
        case .line(let text): return text
        case .abandoned: return nil
        case .interrupted:
            Self.interrupt()
            return nil
        }
    }

    /// Ends the process as Ctrl-C does, which tells a shell to end the script that called it.
    private static func interrupt() {
        signal(SIGINT, SIG_DFL)
        // The threads that tasks run on let no signal through.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(SIGINT)
    }

    /// Asks for a line that is shown.
    func ask(_ question: String) throws -> String? {
        try file.writeAll(question.utf8)
        let end = try typed()
        guard case .line(let text) = end else { return nil }
        return text
    }

    private func typed() throws -> TypedLine.End {
        var line = TypedLine()
        while let byte = try file.readByte() {
            if let end = line.take(byte) { return end }
        }
        return .abandoned
    }
}

extension FileDescriptor {
    /// Nil at the end. One by one, so that nothing behind the line is taken.
    func readByte() throws -> UInt8? {
        var byte: UInt8 = 0
        let count = try withUnsafeMutableBytes(of: &byte) { try read(into: $0) }
        return count == 1 ? byte : nil
    }
}

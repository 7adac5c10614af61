public import Logging

/// The log of requests, one line each: a fast path beside swift-log that needs no dictionaries.
public struct AccessLog: Sendable {
    private let sink: LogSink
    private let level: Logger.Level

    /// - Parameter level: Lines below it are left out; see ``AccessLogLine/level``.
    public init(sink: LogSink, level: Logger.Level) {
        self.sink = sink
        self.level = level
    }

    public func record(_ line: AccessLogLine) {
        guard line.level >= level else { return }
        var writer = LineWriter(format: sink.format)
        line.write(to: &writer, at: .now)
        sink.append(writer, level: line.level)
    }
}

/// One answered request.
public struct AccessLogLine: Sendable {
    /// User agents of engines are under 200 bytes.
    static let userAgentLimit = 256
    static let pathLimit = 2048

    /// The request's own id, as in the answer's header.
    public let id: String
    public let method: String
    /// Without the query: it can hold what nobody should find in a log.
    public let path: String
    public let status: Int
    /// Bytes of the bodies, without heads and framing.
    public let bytesIn: Int
    public let bytesOut: Int
    /// From the head of the request to the last byte of the answer.
    public let duration: Duration
    public let remoteAddress: String
    public let userAgent: String

    public init(
        id: String, method: String, path: String, status: Int, bytesIn: Int, bytesOut: Int, duration: Duration, remoteAddress: String,
        userAgent: String
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.status = status
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.duration = duration
        self.remoteAddress = remoteAddress
        self.userAgent = userAgent
    }

    /// Warning when the fault is the server's, so that such lines are seen at once; otherwise info.
    public var level: Logger.Level { status >= 500 ? .warning : .info }

    func write(to writer: inout LineWriter, at time: LogTime) {
        writer.begin(level, at: time)
        writer.word("message", "request")
        writer.text("id", id, limit: 128)
        writer.text("method", method, limit: 32)
        writer.text("path", path, limit: Self.pathLimit)
        writer.number("status", status)
        writer.number("bytes_in", bytesIn)
        writer.number("bytes_out", bytesOut)
        writer.milliseconds("duration_ms", duration)
        writer.text("remote", remoteAddress, limit: 128)
        writer.text("user_agent", userAgent, limit: Self.userAgentLimit)
        writer.end()
    }
}

public import HTTPTypes
public import NIOCore

/// An answer: status, fields and body.
///
/// The transport writes `Content-Length` (or `Transfer-Encoding`), `Connection`, `Date` and `Server` itself, and `Content-Length` always
/// says what the body holds: a field of that name in `headers` is ignored, with one exception. In the answer to a HEAD request with an
/// empty body it stands as given, for then nobody else knows it. `Connection: close` in `headers` closes the connection after the answer.
/// Field names go out as `HTTPField.Name` spells them. Over HTTP/2 they go out in lower case, and those about the connection not at all.
public struct Response: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: Body
    /// What the request was found to ask for, in the program's words; it goes to `CompletedRequest` and not over the wire.
    public var label: String?

    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: Body = .empty, label: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.label = label
    }

    /// A HEAD request gets the length of a body and not the body; 204 and 304 have neither. What a body holds open is let go in any case.
    public enum Body: Sendable {
        /// Nothing: `Content-Length: 0`.
        case empty
        /// Bytes in memory.
        case bytes(ByteBuffer)
        /// A part of a file; never passes through this process's memory on a plain connection.
        case file(FileBody)
        /// Bytes as somebody produces them, at the peer's pace.
        case stream(StreamBody)
    }
}

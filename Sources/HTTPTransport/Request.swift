public import HTTPTypes
public import NIOCore

/// A request as a handler sees it: the head, checked, and the body, not read yet.
public struct Request: Sendable {
    /// Method, target and fields. `path` is the target in origin form with its query, byte for byte as sent
    /// (an absolute-form target was taken apart, RFC 9112 §3.2.2; `OPTIONS *` keeps `*`); `authority` is the `Host` field's value,
    /// which stands nowhere else; `scheme` is `https` if the connection itself is encrypted, else `http`. Field names keep the peer's
    /// capitalisation.
    public let head: HTTPRequest
    /// The body; empty if the request has none.
    public let body: RequestBody

    init(head: HTTPRequest, body: RequestBody) {
        self.head = head
        self.body = body
    }
}

/// What is known about a request besides its content.
public struct RequestContext: Sendable {
    /// Unique within the process; goes into logs and error answers.
    public let id: RequestID
    /// The channel that the answer goes to: the connection's, or over HTTP/2 the stream's.
    public let channel: any Channel
    /// What is known about the connection.
    public let connection: ConnectionFacts
    /// The peer's address, as in `connection`.
    public var remoteAddress: SocketAddress? { connection.remoteAddress }
    /// When the request's head was complete.
    public let start: ContinuousClock.Instant

    init(id: RequestID, channel: any Channel, connection: ConnectionFacts, start: ContinuousClock.Instant) {
        self.id = id
        self.channel = channel
        self.connection = connection
        self.start = start
    }
}

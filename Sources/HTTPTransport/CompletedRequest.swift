public import HTTPTypes
public import NIOCore

/// What an access log wants to know; given once for every request, after the last byte of its answer was handed to the socket or the
/// connection died.
public struct CompletedRequest: Sendable {
    public let id: RequestID
    /// nil if the head could not be parsed.
    public let method: HTTPRequest.Method?
    /// The target in origin form with its query; empty if the head could not be parsed.
    public let path: String
    /// The status that was sent; 0 if the connection died before there was any.
    public let status: Int
    /// What the handler's answer was labelled; nil if it was not, or if there was none.
    public let label: String?
    /// Bytes of the request's body that arrived until then, without chunk framing.
    public let bodyBytesIn: Int64
    /// Bytes of the answer's body that were handed to the socket, without chunk framing. Of a file that was cut off, whole pieces of 8 MiB,
    /// or 256 KiB over TLS, are counted.
    public let bodyBytesOut: Int64
    /// From the complete head to now.
    public let duration: Duration
    /// As in `RequestContext`.
    public let remoteAddress: SocketAddress?
    /// The `User-Agent` field.
    public let userAgent: String?
    /// Whether the connection ended before the whole answer was handed to the socket.
    public let wasCutOff: Bool

    init(
        id: RequestID, method: HTTPRequest.Method?, path: String, status: Int, label: String?, bodyBytesIn: Int64, bodyBytesOut: Int64,
        duration: Duration,
        remoteAddress: SocketAddress?, userAgent: String?, wasCutOff: Bool
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.status = status
        self.label = label
        self.bodyBytesIn = bodyBytesIn
        self.bodyBytesOut = bodyBytesOut
        self.duration = duration
        self.remoteAddress = remoteAddress
        self.userAgent = userAgent
        self.wasCutOff = wasCutOff
    }
}

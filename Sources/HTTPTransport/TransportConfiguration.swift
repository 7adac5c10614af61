/// What the transport needs to know to listen and to defend itself.
///
/// Every value has a default that suits a registry with many engines behind it; only `host` and `port` usually differ.
public struct TransportConfiguration: Sendable {
    /// The host name or address literal to listen on (`127.0.0.1`, `::1`, `0.0.0.0`, `::`). Default: `127.0.0.1`.
    public let host: String
    /// The TCP port to listen on; 0 takes any free one, which `HTTPServer`'s `onRunning` reports. Default: 0.
    public let port: Int
    /// With it, only TLS is spoken on the port: HTTP/2 or HTTP/1.1, as the peer asks. Default: nil, HTTP/1.1 over plain TCP.
    public let tls: ServerTLS?
    /// The value of the `Server` field of every answer that does not set its own; nil leaves it out. Default: nil.
    public let serverName: String?
    /// Whether answers carry a `Date` field (RFC 9110 §6.6.1 asks for it of every server with a clock). Default: true.
    public let sendsDate: Bool
    /// The most bytes that request target and header fields of one request may take together; more is answered with 431.
    /// Default: 65 536 (bearer tokens reach 16 KiB in the field).
    public let maximumHeaderBytes: Int
    /// The most header fields that one request may have; more is answered with 431. Default: 128.
    public let maximumHeaderFields: Int
    /// The most connections open at once, those in a TLS handshake included. While they all are, nothing is accepted and new ones wait in
    /// the backlog. Default: 8192.
    public let maximumConnections: Int
    /// How many connections the kernel may hold that were not accepted yet. Default: 1024.
    public let backlog: Int
    /// How long a connection may go without a complete request head: between requests, and from accept to the first one. It should be
    /// longer than the 90 seconds after which Go's clients drop their idle connections, so that it is they who close.
    /// A TLS handshake has at most 10 s. Default: 120 s.
    public let idleTimeout: Duration
    /// How long a peer may neither send a byte of the body that is awaited nor take a byte of the answer that waits for it.
    /// Counted in bytes that the peer's kernel acknowledged, so that slow is not taken for stalled. Default: 60 s.
    public let stallTimeout: Duration
    /// The largest piece that is received at once, in bytes; the size adapts to what the peer sends. Default: 1 MiB.
    public let maximumReceiveBuffer: Int
    /// `SO_SNDBUF` in bytes; the kernel caps it at `net.core.wmem_max`. nil leaves the kernel's own sizing, which grows with the connection
    /// and was faster for large files on loopback than any fixed size. Default: nil.
    public let sendBuffer: Int?
    /// How long requests in flight may go on after a graceful shutdown began; then every connection is cut. Default: 30 s.
    public let shutdownDeadline: Duration

    public init(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: ServerTLS? = nil,
        serverName: String? = nil,
        sendsDate: Bool = true,
        maximumHeaderBytes: Int = 65_536,
        maximumHeaderFields: Int = 128,
        maximumConnections: Int = 8192,
        backlog: Int = 1024,
        idleTimeout: Duration = .seconds(120),
        stallTimeout: Duration = .seconds(60),
        maximumReceiveBuffer: Int = 1 << 20,
        sendBuffer: Int? = nil,
        shutdownDeadline: Duration = .seconds(30)
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.serverName = serverName
        self.sendsDate = sendsDate
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumHeaderFields = maximumHeaderFields
        self.maximumConnections = maximumConnections
        self.backlog = backlog
        self.idleTimeout = idleTimeout
        self.stallTimeout = stallTimeout
        self.maximumReceiveBuffer = maximumReceiveBuffer
        self.sendBuffer = sendBuffer
        self.shutdownDeadline = shutdownDeadline
    }
}

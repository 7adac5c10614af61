/// Who really asks, how, and for which host: the connection's own facts, or what trusted proxies say of those before them.
///
/// Fields are read only if the peer is a trusted proxy, so without any nothing is parsed. Addresses are then gone through from the right,
/// where the peer has written, and each is believed as long as it was written by a trusted proxy: the first that is none is the client,
/// and what stands further left is the client's own invention. What cannot be read ends the walk as well; then the last address that
/// could be read counts, which may be the peer's. At most ``hopLimit`` elements are looked at.
///
/// **Two kinds of fields.** Most proxies write `X-Forwarded-*` and hand a client's `Forwarded` on as it came; some do it the other way
/// round. Nothing in a request tells which, so neither kind can win: if `Forwarded` did, every client behind nginx could name any
/// address, host and scheme it likes. If both kinds are there, they must name the same client, or there is no origin and the request has
/// to be refused (falling back to the peer would let a client pass for the proxy, which `allow_from` may admit). Of scheme and host, what
/// both say alike counts and nothing else. Clients of a registry send no such fields themselves, so only forgers and proxies that
/// disagree are turned away.
public struct RequestOrigin: Hashable, Sendable {
    /// The most proxies in a row that are believed.
    public static let hopLimit = 32

    /// The address of the first in the chain that is no trusted proxy; the last known proxy if it does not say for whom it asks.
    public let client: NetworkAddress
    /// Whether the client's own connection is TLS, to Wharf or to the first trusted proxy; Wharf's own connection if no proxy says.
    public let isSecure: Bool
    /// What the client wrote into `Host`; the `Host` that has reached Wharf if no proxy says. Nil if that is no ``Authority``.
    public let host: String?
    /// Whether the peer is a trusted proxy and the request has fields of proxies. A loopback ``client`` is only a local one if not.
    public let isThroughProxy: Bool

    /// Why there is no origin.
    public enum Refusal: Error, Hashable, Sendable {
        /// `Forwarded` and `X-Forwarded-For` name different clients.
        case contradiction
    }

    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - isSecure: whether the connection is TLS.
    ///   - host: the value of `Host`.
    ///   - fields: asked for only if `peer` is a trusted proxy.
    /// - Throws: ``Refusal``.
    public init(
        peer: NetworkAddress, isSecure: Bool, host: String?, fields: @autoclosure () -> ForwardedFields, trustedProxies: [AddressBlock]
    ) throws(Refusal) {
        let isTrusted = { (address: NetworkAddress) in trustedProxies.contains { $0.contains(address) } }
        let ownHost = host.flatMap { Authority($0)?.text }
        guard isTrusted(peer) else {
            self.init(client: peer, isSecure: isSecure, host: ownHost, isThroughProxy: false)
            return
        }
        let fields = fields()
        let said: ProxyReport
        switch (fields.hasForwarded, fields.hasExtensions) {
        case (false, false):
            self.init(client: peer, isSecure: isSecure, host: ownHost, isThroughProxy: false)
            return
        case (true, false): said = ProxyReport(forwarded: fields, from: peer, isTrusted: isTrusted)
        case (false, true): said = ProxyReport(extensions: fields, from: peer, isTrusted: isTrusted)
        case (true, true):
            let one = ProxyReport(forwarded: fields, from: peer, isTrusted: isTrusted)
            let other = ProxyReport(extensions: fields, from: peer, isTrusted: isTrusted)
            guard let common = one.agreement(with: other) else { throw .contradiction }
            said = common
        }
        self.init(client: said.client, isSecure: said.isSecure ?? isSecure, host: said.host?.text ?? ownHost, isThroughProxy: true)
    }

    private init(client: NetworkAddress, isSecure: Bool, host: String?, isThroughProxy: Bool) {
        self.client = client
        self.isSecure = isSecure
        self.host = host
        self.isThroughProxy = isThroughProxy
    }
}

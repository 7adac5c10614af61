/// What trusted proxies say of a request, by one of the two kinds of fields.
struct ProxyReport {
    let client: NetworkAddress
    let isSecure: Bool?
    let host: Authority?

    /// Reads `Forwarded`: an element tells of the request that reached the proxy which wrote it, so scheme and host are those of the
    /// leftmost element that a trusted proxy has written.
    init(forwarded fields: ForwardedFields, from peer: NetworkAddress, isTrusted: (NetworkAddress) -> Bool) {
        var client = peer
        var boundary: ForwardedElement?
        for text in ReversedElements(fields.forwarded ?? "", honoursQuotes: true).prefix(RequestOrigin.hopLimit) {
            let element = ForwardedElement(text)
            boundary = element
            guard let address = element.address else { break }
            client = address
            guard isTrusted(address) else { break }
        }
        self.init(client: client, isSecure: boundary?.isSecure, host: boundary?.host)
    }

    /// Reads `X-Forwarded-*`. Nothing there says which proxy has written which scheme or host: some replace the value, some add theirs.
    /// So of these lists as many values count, from the right, as proxies have written addresses, and they must be the same.
    ///
    /// A port is added to a forwarded host that has none; alone it says nothing, for it is often the one on which a proxy listens behind
    /// another, and the client's own stands in `Host`.
    init(extensions fields: ForwardedFields, from peer: NetworkAddress, isTrusted: (NetworkAddress) -> Bool) {
        var client = peer
        var hops = 0
        for text in ReversedElements(fields.addresses ?? "").prefix(RequestOrigin.hopLimit) {
            hops += 1
            guard let address = ForwardedText.address(text) else { break }
            client = address
            guard isTrusted(address) else { break }
        }
        let isSecure = Self.common(fields.schemes, of: hops) { ForwardedText.isSecure($0) }
        var host = Self.common(fields.hosts, of: hops) { Authority($0) }
        if let portless = host, portless.port == nil, let port = Self.common(fields.ports, of: hops, Authority.forwardedPort),
            port != (isSecure == true ? 443 : 80)
        {
            host = portless.with(port: port)
        }
        self.init(client: client, isSecure: isSecure, host: host)
    }

    private init(client: NetworkAddress, isSecure: Bool?, host: Authority?) {
        self.client = client
        self.isSecure = isSecure
        self.host = host
    }

    /// What both say; nil if they name different clients.
    func agreement(with other: ProxyReport) -> ProxyReport? {
        guard client == other.client else { return nil }
        return ProxyReport(
            client: client, isSecure: isSecure == other.isSecure ? isSecure : nil, host: host == other.host ? host : nil)
    }

    /// The value on which the last `hops` elements agree; nil if one of them cannot be read.
    private static func common<Value: Equatable>(_ list: String?, of hops: Int, _ read: (Substring) -> Value?) -> Value? {
        var common: Value?
        guard let list else { return nil }
        for text in ReversedElements(list).prefix(max(1, hops)) {
            guard let value = read(text), common == nil || common == value else { return nil }
            common = value
        }
        return common
    }
}

extension Authority {
    fileprivate static func forwardedPort(_ text: Substring) -> Int? { port(text.utf8) }
}

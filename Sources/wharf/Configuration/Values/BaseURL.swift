/// Where a server is reached: `https://registry.example.com`.
struct BaseURL: Hashable, Sendable, CustomStringConvertible {
    enum Scheme: String, Sendable {
        case http, https
    }

    let scheme: Scheme
    let address: HostAddress
    /// Nil for the scheme's own.
    let port: Int?

    /// Reads a URL that has a scheme, a host and maybe a port, and nothing after them but `/`.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()) else { return nil }
        var authority = text[text.index(after: colon)...]
        guard authority.hasPrefix("//") else { return nil }
        authority = authority.dropFirst(2)
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        self.scheme = scheme
        if let address = HostAddress(authority) {
            (self.address, port) = (address, nil)
        } else if let address = ListenAddress(String(authority)), address.port > 0 {
            self.address = address.address
            port = address.port
        } else {
            return nil
        }
    }

    /// `host` or `host:port`, as in a `Host` header.
    var authority: String { port.map { "\(address):\($0)" } ?? "\(address)" }

    /// Without a slash at the end.
    var description: String { "\(scheme.rawValue)://\(authority)" }
}

extension ValueKind<BaseURL> {
    static let baseURL = ValueKind(
        placeholder: "URL", accepted: "http:// or https://, a host, and maybe a port, without a path: https://registry.example.com",
        parse: { BaseURL($0) }, format: { "\($0)" })
}

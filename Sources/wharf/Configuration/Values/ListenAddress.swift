/// Where the server listens: `HOST:PORT`.
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    let address: HostAddress
    /// 0 lets the system pick a free one.
    let port: Int

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let address = HostAddress(text[..<colon]),
            let port = Decimal.parse(text[text.index(after: colon)...]), port <= 65_535
        else { return nil }
        self.address = address
        self.port = port
    }

    /// For the socket: without brackets.
    var host: String { address.host }
    var isLoopback: Bool { address.isLoopback }
    var description: String { "\(address):\(port)" }
}

extension ValueKind<ListenAddress> {
    static let listenAddress = ValueKind(
        placeholder: "HOST:PORT",
        accepted: "HOST:PORT, such as 127.0.0.1:5000, [::1]:5000 or 0.0.0.0:5000 (every IPv4 address of this machine)",
        parse: { ListenAddress($0) }, format: { "\($0)" })
}

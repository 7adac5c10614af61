/// Where mails are handed in: `smtp://mail.example.com:587`.
struct MailServer: Hashable, Sendable, CustomStringConvertible {
    enum Scheme: String, Sendable {
        /// Begins without TLS, and asks for it (RFC 3207).
        case smtp
        /// TLS from the first byte (RFC 8314 §3.3).
        case smtps
    }

    let scheme: Scheme
    let address: HostAddress
    /// From 1.
    let port: Int

    init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"), let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()),
            let authority = ListenAddress(String(text[separator.upperBound...])), authority.port > 0
        else { return nil }
        self.scheme = scheme
        address = authority.address
        port = authority.port
    }

    var description: String { "\(scheme.rawValue)://\(address):\(port)" }
}

extension ValueKind<MailServer> {
    static let mailServer = ValueKind(
        placeholder: "URL",
        accepted: "smtp:// or smtps://, a host and a port, such as smtp://mail.example.com:587 or smtps://mail.example.com:465",
        parse: { MailServer($0) }, format: { "\($0)" })
}

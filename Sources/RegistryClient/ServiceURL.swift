public import RegistryWire

/// Where an index or a registry is: `https://index.example.com`, `http://[2001:db8::1]:5000`. No user, path, query or fragment: protocol v1
/// begins at the root, and credentials do not belong into settings.
public struct ServiceURL: Hashable, Sendable, CustomStringConvertible {
    public let isSecure: Bool
    public let authority: Authority

    /// Nil unless `text` is such a URL; one slash at its end is read over.
    public init?(_ text: some StringProtocol) {
        let text = Substring(text)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        switch text[..<colon].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        var rest = text[colon...]
        guard rest.hasPrefix("://") else { return nil }
        rest = rest.dropFirst(3)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let authority = Authority(rest) else { return nil }
        self.authority = authority
    }

    /// Without a slash at the end.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// What a client writes into `Host`: without a port that is the scheme's own.
    var hostField: String {
        authority.port == (isSecure ? 443 : 80) ? authority.withoutPort.text : authority.text
    }
}

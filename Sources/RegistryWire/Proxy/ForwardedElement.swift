/// What one proxy says of the request that reached it: one element of `Forwarded` (RFC 7239 §4).
struct ForwardedElement {
    /// Who sent the request to the proxy; nil if it does not say, hides it (`unknown`, `_name`), or wrote what is no address.
    let address: NetworkAddress?
    let isSecure: Bool?
    let host: Authority?

    private static let empty = ForwardedElement(address: nil, isSecure: nil, host: nil)

    private init(address: NetworkAddress?, isSecure: Bool?, host: Authority?) {
        self.address = address
        self.isSecure = isSecure
        self.host = host
    }

    /// An element that breaks the grammar or names a parameter twice says nothing at all.
    init(_ text: Substring) {
        self = Self.parse(text) ?? .empty
    }

    private static func parse(_ text: Substring) -> ForwardedElement? {
        var (node, scheme, host): (Substring?, Substring?, Substring?)
        // Proxies quote addresses and hosts, which have no semicolons and no escapes; whatever has them is none of these.
        guard !text.isEmpty, !text.utf8.contains(UInt8(ascii: "\\")) else { return nil }
        for pair in text.split(separator: ";") {
            let pair = pair.trimmedOfSpace
            if pair.isEmpty { continue }
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let value = unquoted(halves[1]) else { return nil }
            switch halves[0].lowercased() {
            case "for" where node == nil: node = value
            case "proto" where scheme == nil: scheme = value
            case "host" where host == nil: host = value
            case "for", "proto", "host": return nil
            default: break
            }
        }
        return ForwardedElement(
            address: node.flatMap(ForwardedText.address), isSecure: scheme.flatMap(ForwardedText.isSecure),
            host: host.flatMap { Authority($0) })
    }

    private static func unquoted(_ text: Substring) -> Substring? {
        let mark = UInt8(ascii: "\"")
        guard text.utf8.contains(mark) else { return text.isEmpty ? nil : text }
        guard text.utf8.count >= 2, text.utf8.first == mark, text.utf8.last == mark else { return nil }
        let inside = text.dropFirst().dropLast()
        return inside.utf8.contains(mark) ? nil : inside
    }
}

/// Values that both kinds of fields share.
enum ForwardedText {
    /// An address with or without a port, which some proxies add: `192.0.2.1:4711`, `[2001:db8::1]:4711`, `[2001:db8::1]`, `2001:db8::1`.
    static func address(_ text: Substring) -> NetworkAddress? {
        let bytes = text.utf8
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let inside = bytes[bytes.index(after: bytes.startIndex)..<bracket]
            let rest = bytes[bytes.index(after: bracket)...]
            guard inside.contains(UInt8(ascii: ":")), rest.isEmpty || isPort(rest) else { return nil }
            return NetworkAddress(utf8: inside)
        }
        if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.prefix(upTo: colon).contains(UInt8(ascii: ".")) {
            guard isPort(bytes[colon...]) else { return nil }
            return NetworkAddress(utf8: bytes[..<colon])
        }
        return NetworkAddress(utf8: bytes)
    }

    static func isSecure(_ scheme: Substring) -> Bool? {
        switch scheme.lowercased() {
        case "https": true
        case "http": false
        default: nil
        }
    }

    private static func isPort(_ text: Substring.UTF8View.SubSequence) -> Bool {
        text.first == UInt8(ascii: ":") && ShortDecimal.parse(text.dropFirst()).map { $0 <= 65_535 } == true
    }
}

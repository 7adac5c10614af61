/// A host with or without a port, as `Host` and `X-Docker-Endpoints` have it: `registry.example.com`, `192.0.2.1:5000`,
/// `[2001:db8::1]:5000`.
///
/// Stricter than RFC 3986 §3.2, because what a client or a proxy wrote here comes back in replies and links (field.md §4.2, class Z): a
/// host name of letters, digits, hyphens, underscores and dots, or an address, and a port from 1 to 65535. No user, no path, no white
/// space, no percent sign.
public struct Authority: Hashable, Sendable, CustomStringConvertible {
    /// A name in the case in which it was written, or an address; IPv6 without its brackets.
    public let host: String
    /// Nil where none is written: then it is the scheme's own.
    public let port: Int?
    private let isIPv6: Bool

    /// Nil unless `text` is a host with or without a port and nothing else.
    public init?(_ text: some StringProtocol) {
        let bytes = Substring(text).utf8
        // The longest name, a colon and five digits.
        guard let first = bytes.first, bytes.count <= Self.nameLimit + 6 else { return nil }
        let hostEnd: String.Index
        if first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let inside = bytes[bytes.index(after: bytes.startIndex)..<bracket]
            guard AddressText.ipv6(inside) != nil else { return nil }
            host = String(Substring(inside))
            isIPv6 = true
            hostEnd = bytes.index(after: bracket)
        } else {
            hostEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            guard Self.isName(bytes[..<hostEnd]) else { return nil }
            host = String(Substring(bytes[..<hostEnd]))
            isIPv6 = false
        }
        if hostEnd == bytes.endIndex {
            port = nil
        } else {
            guard bytes[hostEnd] == UInt8(ascii: ":"), let port = Self.port(bytes[bytes.index(after: hostEnd)...]) else { return nil }
            self.port = port
        }
    }

    private init(host: String, port: Int?, isIPv6: Bool) {
        self.host = host
        self.port = port
        self.isIPv6 = isIPv6
    }

    /// The same host on another port.
    public func with(port: Int) -> Authority { Authority(host: host, port: port, isIPv6: isIPv6) }

    /// The host alone.
    public var withoutPort: Authority { Authority(host: host, port: nil, isIPv6: isIPv6) }

    /// As it stands in `Host`.
    public var text: String {
        let host = isIPv6 ? "[\(host)]" : host
        return port.map { "\(host):\($0)" } ?? host
    }

    public var description: String { text }

    static func port(_ text: some Collection<UInt8>) -> Int? {
        ShortDecimal.parse(text).flatMap { (1...65_535).contains($0) ? $0 : nil }
    }

    /// RFC 1035 §2.3.4, as text.
    private static let nameLimit = 253

    /// Labels of letters, digits, hyphens and underscores (RFC 1123 §2.1; container networks use underscores); one dot may end the name.
    private static func isName(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        let name = text.last == UInt8(ascii: ".") ? text.dropLast() : text[...]
        guard !name.isEmpty, name.count <= nameLimit else { return false }
        return name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }
}

import RegistryClient

/// Where a token server gives out tokens: `https://auth.example.com/token`. It may have a path and a query, which ``ServiceURL`` has not.
struct RealmURL: Hashable, Sendable, CustomStringConvertible {
    let server: ServiceURL
    /// From the first slash behind the authority on; may be empty.
    private let path: String

    init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let slash = text[mark.upperBound...].firstIndex(of: "/") ?? text.endIndex
        guard let server = ServiceURL(text[..<slash]), text[slash...].utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.server = server
        path = String(text[slash...])
    }

    var description: String { "\(server)\(path)" }

    /// What a path and a query are written with (RFC 3986 §3.3, §3.4); among them is nothing that would end the `realm` of a challenge.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~!$&'()*+,;=:@%/?".utf8.contains(byte)
        }
    }
}

extension ValueKind<RealmURL> {
    static let realm = ValueKind(
        placeholder: "URL", accepted: "http:// or https://, a host, and maybe a port, a path and a query: https://auth.example.com/token",
        parse: { RealmURL($0) }, format: { "\($0)" })
}

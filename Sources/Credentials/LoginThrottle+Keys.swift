import Glibc

extension LoginThrottle {
    /// The key of an account, known or not.
    public static func key(user: String) -> String { "user \(user)" }

    /// The key of a numeric address. IPv6 addresses count by /64, the least that a network hands out (RFC 6177), and an IPv4 address in
    /// IPv6 clothes (RFC 4291 §2.5.5.2) is the IPv4 address.
    public static func key(address: String) -> String {
        let withoutZone = address.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? address
        var parsed = in6_addr()
        guard inet_pton(AF_INET6, withoutZone, &parsed) == 1 else { return "address \(address)" }
        let bytes = withUnsafeBytes(of: parsed) { Array($0) }
        if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] {
            return "address \(bytes[12...].map { String($0) }.joined(separator: "."))"
        }
        let groups = stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
        return "address \(groups.joined(separator: ":"))::/64"
    }
}

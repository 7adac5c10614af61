import Glibc

/// The host of an address: a name, or an IP address.
struct HostAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without the brackets that IPv6 has in an address.
    let host: String
    private let isIPv6: Bool

    /// Reads `name`, `192.0.2.1` or `[2001:db8::1]`.
    init?(_ text: some StringProtocol) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            host = String(text.dropFirst().dropLast())
            isIPv6 = true
            guard Self.parse(host, family: AF_INET6, size: 16) != nil else { return nil }
        } else {
            host = text.lowercased()
            isIPv6 = false
            guard Self.isName(host) else { return nil }
        }
    }

    var description: String { isIPv6 ? "[\(host)]" : host }

    /// Whether only this machine reaches it. What a name other than `localhost` means is for others to say, so it is not.
    var isLoopback: Bool {
        if isIPv6 {
            guard let bytes = Self.parse(host, family: AF_INET6, size: 16) else { return false }
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...11] == [0xff, 0xff]
            return bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] || (isMapped && bytes[12] == 127)
        }
        return host == "localhost" || Self.parse(host, family: AF_INET, size: 4)?.first == 127
    }

    /// Letters, digits, hyphens and dots as host names have them (RFC 1123 §2.1), and underscores, which container networks use.
    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
            }
    }

    private static func parse(_ text: String, family: Int32, size: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: size)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

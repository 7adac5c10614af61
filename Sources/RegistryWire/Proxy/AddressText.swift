/// How addresses are written: RFC 4291 §2.2 and RFC 5952 for IPv6, four decimal numbers for IPv4.
enum AddressText {
    /// The longest IPv6 address, with an IPv4 address at its end.
    private static let ipv6Length = 2...45

    static func ipv4(_ text: some Collection<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var octet: UInt32 = 0
        var (digits, dots) = (0, 0)
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                // A digit after a leading zero, or a fourth one.
                guard digits == 0 || octet > 0, digits < 3 else { return nil }
                octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
            case UInt8(ascii: "."):
                guard digits > 0, octet <= 255, dots < 3 else { return nil }
                value = value << 8 | octet
                (octet, digits, dots) = (0, 0, dots + 1)
            default: return nil
            }
        }
        guard digits > 0, octet <= 255, dots == 3 else { return nil }
        return value << 8 | octet
    }

    static func ipv4(_ value: UInt32) -> String {
        "\(value >> 24).\(value >> 16 & 0xff).\(value >> 8 & 0xff).\(value & 0xff)"
    }

    static func ipv6(_ text: some Collection<UInt8>) -> UInt128? {
        guard ipv6Length.contains(text.count) else { return nil }
        let colon = UInt8(ascii: ":")
        var (before, after) = (text[...], text[text.endIndex...])
        var hasGap = false
        var index = text.startIndex
        while index != text.endIndex, !hasGap {
            let next = text.index(after: index)
            if text[index] == colon, next != text.endIndex, text[next] == colon {
                (before, after) = (text[..<index], text[text.index(after: next)...])
                hasGap = true
            }
            index = next
        }
        guard let head = groups(before, endsInIPv4: !hasGap), let tail = groups(after, endsInIPv4: true) else { return nil }
        // The gap stands for one group at least.
        guard hasGap ? head.count + tail.count < 8 : head.count == 8 else { return nil }
        return head.value << UInt128(16 * (8 - head.count)) | tail.value
    }

    /// Groups of up to four hexadecimal digits with colons between them; none for an empty text.
    private static func groups(
        _ text: some Collection<UInt8>, endsInIPv4: Bool
    ) -> (value: UInt128, count: Int)? {
        var value: UInt128 = 0
        var count = 0
        guard !text.isEmpty else { return (0, 0) }
        let pieces = text.split(separator: UInt8(ascii: ":"), maxSplits: 8, omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            if endsInIPv4, index == pieces.count - 1, let last = ipv4(piece) {
                value = value << 32 | UInt128(last)
                count += 2
            } else {
                guard (1...4).contains(piece.count) else { return nil }
                var group: UInt128 = 0
                for byte in piece {
                    guard let digit = hexDigit(byte) else { return nil }
                    group = group << 4 | UInt128(digit)
                }
                value = value << 16 | group
                count += 1
            }
        }
        return count <= 8 ? (value, count) : nil
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    static func ipv6(_ bits: UInt128) -> String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        let hex = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        let gap = longestZeros(groups)
        return gap.count < 2 ? hex(0..<8) : "\(hex(0..<gap.lowerBound))::\(hex(gap.upperBound..<8))"
    }

    /// The first of the longest runs of zeros.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest
    }
}

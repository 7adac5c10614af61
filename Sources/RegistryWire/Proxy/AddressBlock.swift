/// The addresses that begin with the same bits (CIDR, RFC 4632 §3.1 and RFC 4291 §2.3): `10.0.0.0/8`, `2001:db8::/32`; a bare address is
/// the block of itself alone.
///
/// A block holds addresses of its own family: `::/0` is every IPv6 address and no IPv4 address, however one of these is written.
public struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    private let base: NetworkAddress
    /// Of all 128 bits; an IPv4 block counts those before the address's own.
    private let length: Int

    /// Nil unless address and length are written strictly and no bit behind the length is set: who writes `10.1.2.3/8` may mean either.
    public init?(_ text: some StringProtocol) {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = halves.first, let address = NetworkAddress(utf8: first) else { return nil }
        base = address
        if halves.count > 1 {
            let ownBits = first.contains(UInt8(ascii: ":")) ? 128 : 32
            guard let number = ShortDecimal.parse(halves[1]), number <= ownBits else { return nil }
            length = 128 - ownBits + number
            guard base.bits << UInt128(length) == 0 else { return nil }
        } else {
            length = 128
        }
    }

    public func contains(_ address: NetworkAddress) -> Bool {
        address.isIPv4 == base.isIPv4 && (address.bits ^ base.bits) >> UInt128(128 - length) == 0
    }

    /// The canonical form; a single address stands without a length.
    public var text: String {
        if length == 128 { return base.text }
        return "\(base)/\(base.isIPv4 ? length - 96 : length)"
    }

    public var description: String { text }
}

/// Decimal numbers of up to five digits, without a sign or leading zeros: what lengths and ports are made of.
enum ShortDecimal {
    static func parse(_ text: some Collection<UInt8>) -> Int? {
        guard let first = text.first, text.count <= 5, first != UInt8(ascii: "0") || text.count == 1 else { return nil }
        var value = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

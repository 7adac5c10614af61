/// An IPv4 or IPv6 address.
///
/// An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2) is the IPv4 address that it holds: a socket that listens on both
/// families names its IPv4 peers so, and an address must not get past a rule by the way in which it is written.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// All 128 bits; those of an IPv4 address in its mapped form.
    var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    // Two words, because a value that is aligned to 16 bytes has been seen to break asynchronous functions that hold it (Swift 6.3).
    private let high: UInt64
    private let low: UInt64

    /// What stands before the 32 bits of a mapped IPv4 address.
    private static let mapped: UInt128 = 0xffff

    init(bits: UInt128) {
        high = UInt64(truncatingIfNeeded: bits >> 64)
        low = UInt64(truncatingIfNeeded: bits)
    }

    /// An address as it stands in a socket address: 4 or 16 octets in the network's order; nil for any other number of them.
    public init?(octets: some Collection<UInt8>) {
        let value = octets.prefix(17).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        switch octets.count {
        case 4: self.init(bits: Self.mapped << 32 | value)
        case 16: self.init(bits: value)
        default: return nil
        }
    }

    /// Reads `192.0.2.1` or `2001:db8::1` and nothing more: no brackets, port, zone or white space. IPv4 has four decimal numbers without
    /// leading zeros, which some programs take for octal ones (RFC 6943 §3.1.1).
    public init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    init?(utf8 text: some Collection<UInt8>) {
        if let value = AddressText.ipv4(text) {
            self.init(bits: Self.mapped << 32 | UInt128(value))
        } else if let value = AddressText.ipv6(text) {
            self.init(bits: value)
        } else {
            return nil
        }
    }

    public var isIPv4: Bool { bits >> 32 == Self.mapped }

    /// Whether only this machine has it: `127.0.0.0/8` or `::1`.
    public var isLoopback: Bool { isIPv4 ? bits >> 24 & 0xff == 127 : bits == 1 }

    /// The canonical form: lower case, and the longest run of zeros left out (RFC 5952 §4).
    public var text: String {
        isIPv4 ? AddressText.ipv4(UInt32(truncatingIfNeeded: bits)) : AddressText.ipv6(bits)
    }

    public var description: String { text }
}

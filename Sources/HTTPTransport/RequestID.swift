import Synchronization

/// Names one request in logs: 64 bits, written as 16 hexadecimal digits; unique within a process, and across processes but for chance.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    public let rawValue: UInt64

    /// Where this process begins to count: random, so that two processes' numbers lie apart.
    private static let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    /// A number not given out before: a counter, passed through the bijection of splitmix64 so that neighbours do not look alike.
    static func next() -> RequestID {
        var mixed = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return RequestID(rawValue: mixed ^ (mixed >> 31))
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 16) { digits in
            for position in 0..<16 {
                let nibble = UInt8(truncatingIfNeeded: rawValue >> UInt64(60 - 4 * position)) & 0xF
                digits[position] = nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10
            }
            return 16
        }
    }
}

/// Reads the number fields of tar headers.
enum TarNumber {
    /// The value of a header's number field: octal text between spaces and NULs, or base-256 when the first byte's top bit is set
    /// (GNU, for what octal cannot hold). An empty field is 0. Nil for anything else, and for what 64 bits cannot hold.
    static func parse(_ field: UnsafeRawBufferPointer) -> Int64? {
        guard let first = field.first else { return 0 }
        return first & 0x80 == 0 ? octal(field) : base256(field)
    }

    private static func octal(_ field: UnsafeRawBufferPointer) -> Int64? {
        var value: Int64 = 0
        var sawDigit = false
        for byte in field {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                guard value < 1 << 60 else { return nil }
                value = value << 3 | Int64(byte & 7)
                sawDigit = true
            case UInt8(ascii: " "), 0:
                if sawDigit { return value }
            default:
                return nil
            }
        }
        return value
    }

    /// Two's complement, most significant byte first; the top bit of the first byte is the mark, the next one the sign.
    private static func base256(_ field: UnsafeRawBufferPointer) -> Int64? {
        guard let first = field.first else { return nil }
        var value = Int64(first & 0x3f) - (first & 0x40 == 0 ? 0 : 0x40)
        for byte in field.dropFirst() {
            guard (-(1 << 55)..<(1 << 55)).contains(value) else { return nil }
            value = value << 8 | Int64(byte)
        }
        return value
    }

    /// A signed decimal of a PAX record; nil for anything else.
    static func decimal(_ text: ArraySlice<UInt8>) -> Int64? {
        guard !text.isEmpty, text.count <= 20 else { return nil }
        return Int64(String(decoding: text, as: UTF8.self))
    }

    /// The whole seconds of a PAX time such as `1400000000.25`, rounded towards the past; nil for anything else.
    static func paxSeconds(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return decimal(text) }
        let fraction = text[(point + 1)...]
        guard let whole = decimal(text[..<point]), fraction.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let roundsDown = text.first == UInt8(ascii: "-") && fraction.contains { $0 != UInt8(ascii: "0") }
        return roundsDown ? whole.subtractingReportingOverflow(1).partialValue : whole
    }
}

/// Why a document is not read further.
enum JSONFault: Error, Hashable {
    case notJSON
    /// Bytes that are no UTF-8, or an escape of half a surrogate pair.
    case notUnicode
    case tooDeep
    case duplicateKey(String)

    /// As much of a text from outside as belongs in a message: no control characters, at most 64 characters.
    static func excerpt(_ text: String) -> String {
        var excerpt = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(64) { excerpt.append(scalar.value < 0x20 || scalar.value == 0x7f ? "\u{fffd}" : scalar) }
        return String(excerpt)
    }
}

/// The refusal that a document's reader throws, which can say each ``JSONFault``.
protocol JSONRefusal: Error {
    init(_ fault: JSONFault)
}

/// The kinds of values, told by their first byte.
enum JSONKind {
    case object, array, string, number, `true`, `false`, null

    init?(firstByte byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"): self = .object
        case UInt8(ascii: "["): self = .array
        case UInt8(ascii: "\""): self = .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
        case UInt8(ascii: "t"): self = .true
        case UInt8(ascii: "f"): self = .false
        case UInt8(ascii: "n"): self = .null
        default: return nil
        }
    }

    /// The bracket that ends an object or, otherwise, an array.
    var closing: UInt8 { self == .object ? UInt8(ascii: "}") : UInt8(ascii: "]") }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

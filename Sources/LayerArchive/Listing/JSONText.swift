/// Writes JSON (RFC 8259) straight to bytes; the two documents of a layer need no more than this.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    /// Text that is JSON already.
    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func number(_ value: Int64) { bytes.appendDecimal(value) }

    mutating func string(_ text: String) {
        raw("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case ..<0x20:
                raw("\\u00")
                bytes.append(UInt8(ascii: "0") + byte >> 4)
                bytes.append(contentsOf: String(byte & 15, radix: 16).utf8)
            default:
                bytes.append(byte)
            }
        }
        raw("\"")
    }

    /// The elements between brackets, with commas.
    mutating func list<Element>(_ elements: [Element], write: (inout JSONText, Element) -> Void) {
        raw("[")
        joined(elements, write: write)
        raw("]")
    }

    mutating func joined<Element>(_ elements: [Element], write: (inout JSONText, Element) -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            write(&self, element)
        }
    }
}

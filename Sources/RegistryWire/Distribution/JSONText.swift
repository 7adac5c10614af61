/// JSON put together by hand: for answers whose keys stand in an order, or that hold JSON which came in as bytes.
enum JSONText {
    /// A string with its quotes (RFC 8259 §7).
    static func append(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: bytes += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// An array of strings.
    static func append(_ texts: some Sequence<String>, to bytes: inout [UInt8]) {
        append(each: texts, between: "[", "]", to: &bytes) { append($0, to: &$1) }
    }

    /// What `write` appends for each element, with commas between.
    static func append<Element>(
        each elements: some Sequence<Element>, between opening: Unicode.Scalar, _ closing: Unicode.Scalar, to bytes: inout [UInt8],
        write: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: opening))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element, &bytes)
        }
        bytes.append(UInt8(ascii: closing))
    }
}

/// Writes JSON byte for byte as Go's `encoding/json` does, because digests of what engines write cover such bytes (v1.md §9).
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    /// Text that is JSON as it stands.
    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A string in its quotation marks.
    mutating func string(_ text: String) { string(Array(text.utf8)) }

    /// A string in its quotation marks, from UTF-8.
    mutating func string(_ text: [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for index in text.indices where !escapeSeparator(text, at: index) {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0a: raw("\\n")
            case 0x0d: raw("\\r")
            case 0x09: raw("\\t")
            case ..<0x20: escape(byte)
            default: plain(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A valid value without its blanks, and with the characters escaped that mean something in HTML and JavaScript; all else stays.
    mutating func compact(_ value: [UInt8]) {
        var isInString = false
        var isEscaped = false
        for index in value.indices {
            let byte = value[index]
            if isInString {
                if escapeSeparator(value, at: index) { continue }
                if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte <= 0x20 {
                continue
            }
            plain(byte)
        }
    }

    /// A compact value over several lines, each but the first behind `prefix`; empty objects and arrays stay on one.
    mutating func indented(_ value: [UInt8], prefix: [UInt8], indent: [UInt8]) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        var last: UInt8 = 0
        func line(_ bytes: inout [UInt8]) {
            bytes.append(0x0a)
            bytes.append(contentsOf: prefix)
            for _ in 0..<depth { bytes.append(contentsOf: indent) }
        }
        for byte in value {
            defer { last = byte }
            if isInString {
                if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                bytes.append(byte)
                continue
            }
            let closes = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            let opened = last == UInt8(ascii: "{") || last == UInt8(ascii: "[")
            if closes {
                depth -= 1
                if !opened { line(&bytes) }
            } else if opened {
                line(&bytes)
            }
            bytes.append(byte)
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ","): line(&bytes)
            case UInt8(ascii: ":"): bytes.append(0x20)
            case UInt8(ascii: "\""): isInString = true
            default: break
            }
        }
    }

    private mutating func plain(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): escape(byte)
        default: bytes.append(byte)
        }
    }

    private mutating func escape(_ byte: UInt8) {
        raw("\\u00")
        raw(Hex.encode([byte]))
    }

    /// Whether U+2028 or U+2029 stands around here; the escape is written at its last byte.
    private mutating func escapeSeparator(_ text: [UInt8], at index: Int) -> Bool {
        func begins(_ start: Int) -> Bool {
            start >= 0 && start + 2 < text.count && text[start] == 0xe2 && text[start + 1] == 0x80 && text[start + 2] & 0xfe == 0xa8
        }
        switch text[index] {
        case 0xe2: return begins(index)
        case 0x80: return begins(index - 1)
        case 0xa8, 0xa9:
            guard begins(index - 2) else { return false }
            raw(text[index] == 0xa8 ? "\\u2028" : "\\u2029")
            return true
        default: return false
        }
    }
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func appendDecimal(_ value: UInt64) {
        if value >= 10 { appendDecimal(value / 10) }
        append(48 + UInt8(truncatingIfNeeded: value % 10))
    }

    /// 00–99.
    mutating func appendTwoDigits(_ value: Int) {
        append(48 + UInt8(truncatingIfNeeded: value / 10 % 10))
        append(48 + UInt8(truncatingIfNeeded: value % 10))
    }

    /// 000–999.
    mutating func appendThreeDigits(_ value: Int) {
        append(48 + UInt8(truncatingIfNeeded: value / 100 % 10))
        appendTwoDigits(value % 100)
    }

    /// `\u0085`, as JSON writes a character of the basic plane.
    mutating func appendUnicodeEscape(_ value: UInt32) {
        append("\\u")
        for shift: UInt32 in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
            append(digit < 10 ? 48 + digit : 87 + digit)
        }
    }

    /// The inside of a JSON string. Besides what RFC 8259 §7 demands, every character that a terminal or a log viewer could take for
    /// the end of a line or for a change of direction is escaped, so that what a client sent cannot pass for another line.
    ///
    /// At most `limit` bytes of `text` are taken, whole characters only; `…` marks that something was left off.
    mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, limit: Int) {
        var taken = 0
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            taken += UTF8.width(scalar)
            guard taken <= limit else {
                append("…")
                return
            }
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            default:
                if scalar.isUnfitForLog {
                    appendUnicodeEscape(scalar.value)
                } else {
                    append(contentsOf: scalar.utf8)
                }
            }
        }
    }
}

extension Unicode.Scalar {
    /// Control characters (C0, DEL, C1), line and paragraph separators, direction marks and the byte order mark.
    var isUnfitForLog: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}

import FoundationEssentials

/// Text that is not ASCII in a header field (RFC 2047).
enum EncodedWords {
    /// RFC 2047 §2: 75 characters a word; `=?utf-8?B?` and `?=` take twelve, and 60 digits are 45 bytes.
    private static let wordBytes = 45
    /// A line has 78 at the best (RFC 5322 §2.1.1), and `Subject: ` takes nine.
    private static let plainLimit = 69

    /// `text` itself if it needs nothing, otherwise encoded words, each on a line of its own and of whole characters.
    static func field(_ text: String) -> String {
        let isPlain = text.utf8.count <= plainLimit && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("=?")
        if isPlain, !text.hasPrefix(" "), !text.hasSuffix(" ") { return text }
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > wordBytes { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}

/// Text that is not ASCII, or has very long lines, in a body (RFC 2045 §6.7).
enum QuotedPrintable {
    /// With the `=` at its end.
    private static let lineLimit = 76

    /// One line of text as one or more lines, all but the last with a soft break.
    static func lines(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var lines: [String] = []
        var line = ""
        for (index, byte) in bytes.enumerated() {
            // A blank at the end of a line may get lost on the way.
            let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            let isLiteral = isBlank ? index + 1 < bytes.count : (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "=")
            let piece = isLiteral ? String(UnicodeScalar(byte)) : "=" + hex(byte)
            if line.utf8.count + piece.utf8.count > lineLimit - 1 {
                lines.append(line + "=")
                line = ""
            }
            line += piece
        }
        return lines + [line]
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }
}

/// Comparing field names and tokens as HTTP does: ASCII letters without regard to case, everything else as it is.
enum ASCII {
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// Whether `text` is `lower`, which is written in lower case.
    static func equal(_ text: some StringProtocol, _ lower: StaticString) -> Bool {
        guard text.utf8.count == lower.utf8CodeUnitCount else { return false }
        return lower.withUTF8Buffer { wanted in
            zip(text.utf8, wanted).allSatisfy { lowercased($0) == $1 }
        }
    }

    /// `text` without spaces and tabs at its ends.
    static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while let first = rest.utf8.first, first == 0x20 || first == 0x09 { rest = rest.dropFirst() }
        while let last = rest.utf8.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
        return rest
    }
}

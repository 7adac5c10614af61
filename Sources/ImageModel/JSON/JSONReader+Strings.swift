/// Where a string stands in the document, without its quotation marks; checked already.
struct JSONString {
    let range: Range<Int>
    let isEscaped: Bool
}

extension JSONReader {
    func text(of string: JSONString) -> String {
        String(decoding: string.isEscaped ? unescaped(string)[...] : bytes[string.range], as: UTF8.self)
    }

    /// The UTF-8 of its text.
    func utf8(of string: JSONString) -> [UInt8] { string.isEscaped ? unescaped(string) : Array(bytes[string.range]) }

    /// Equal for equal texts, however they are escaped.
    func hash(of string: JSONString) -> Int {
        var hasher = Hasher()
        (string.isEscaped ? unescaped(string)[...] : bytes[string.range]).withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// Reads a string from its opening quotation mark, and checks its escapes and its UTF-8.
    mutating func stringToken() throws(Refusal) -> JSONString {
        let start = position + 1
        var isEscaped = false
        var isASCII = true
        position = start
        while let byte = byte(at: position) {
            switch byte {
            case UInt8(ascii: "\""):
                let range = start..<position
                guard isASCII || String(validating: bytes[range], as: UTF8.self) != nil else { throw Refusal(.notUnicode) }
                position += 1
                return JSONString(range: range, isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try escape()
            case ..<0x20: throw Refusal(.notJSON)
            default:
                isASCII = isASCII && byte < 0x80
                position += 1
            }
        }
        throw Refusal(.notJSON)
    }

    /// Reads an escape from its backslash; a pair of surrogates counts as one.
    private mutating func escape() throws(Refusal) {
        guard let byte = byte(at: position + 1) else { throw Refusal(.notJSON) }
        guard byte == UInt8(ascii: "u") else {
            guard Self.escaped(byte) != nil else { throw Refusal(.notJSON) }
            position += 2
            return
        }
        guard let unit = unit(at: position) else { throw Refusal(.notJSON) }
        position += 6
        guard UTF16.isSurrogate(unit) else { return }
        guard UTF16.isLeadSurrogate(unit), let trail = self.unit(at: position), UTF16.isTrailSurrogate(trail) else {
            throw Refusal(.notUnicode)
        }
        position += 6
    }

    /// The UTF-16 unit of an escape `\uXXXX` that begins here.
    private func unit(at index: Int) -> UInt16? {
        guard byte(at: index) == UInt8(ascii: "\\"), byte(at: index + 1) == UInt8(ascii: "u"), index + 6 <= bytes.count else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[(index + 2)..<(index + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The UTF-8 of a string whose escapes have been checked.
    private func unescaped(_ string: JSONString) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(string.range.count)
        var index = string.range.lowerBound
        while index < string.range.upperBound {
            if bytes[index] != UInt8(ascii: "\\") {
                result.append(bytes[index])
                index += 1
            } else if let byte = Self.escaped(bytes[index + 1]) {
                result.append(byte)
                index += 2
            } else {
                var units: [UInt16] = []
                // One unit, or a pair of which the first is a leading surrogate.
                repeat {
                    units.append(unit(at: index) ?? 0xfffd)
                    index += 6
                } while units.count == 1 && UTF16.isLeadSurrogate(units[0])
                result.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
            }
        }
        return result
    }

    /// What the letter behind a backslash stands for; nil for `u` and for what is no escape.
    private static func escaped(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
}

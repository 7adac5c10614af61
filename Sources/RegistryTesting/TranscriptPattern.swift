/// Text of a transcript with its wildcards, `{*}` and `{name:*}`; compared byte for byte, where Swift would compare text by meaning.
struct TranscriptPattern {
    /// The bytes around the wildcards: always one more than there are `names`.
    private var literals: [[UInt8]] = []
    private var names: [String] = []

    init(_ text: String) {
        var rest = text[...]
        while let wildcard = rest.firstMatch(of: #/\{(?:([a-z]+):)?\*\}/#) {
            literals.append(Array(rest[..<wildcard.range.lowerBound].utf8))
            names.append(String(wildcard.output.1 ?? ""))
            rest = rest[wildcard.range.upperBound...]
        }
        literals.append(Array(rest.utf8))
    }

    /// What the named wildcards stood for, or nil when `text` does not match.
    ///
    /// A wildcard takes as little as it can, the last one all it can.
    func match(_ text: some Sequence<UInt8>) -> [String: String]? {
        var rest = Array(text)[...]
        guard rest.starts(with: literals[0]) else { return nil }
        rest = rest.dropFirst(literals[0].count)
        var kept: [String: String] = [:]
        for (index, name) in names.enumerated() {
            let literal = literals[index + 1]
            let ends = (rest.startIndex...rest.endIndex).lazy.filter { rest[$0...].starts(with: literal) }
            guard let end = index == names.count - 1 ? ends.last : ends.first else { return nil }
            if !name.isEmpty { kept[name] = String(decoding: rest[..<end], as: UTF8.self) }
            rest = rest[end...].dropFirst(literal.count)
        }
        return rest.isEmpty ? kept : nil
    }

    /// `text` with `values` in place of their names, and repetitions written out.
    static func filled(_ text: String, _ values: [String: String]) -> String {
        let filled = values.reduce(text) { $0.contains("{") ? $0.replacing("{\($1.key)}", with: $1.value) : $0 }
        return filled.replacing(#/\{([^{}"]+)\*([0-9]+)\}/#) { found in
            String(repeating: String(found.output.1), count: Int(found.output.2) ?? 0)
        }
    }
}

extension ValueKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the words that the type knows.
    static func choice(_ placeholder: String) -> ValueKind {
        ValueKind(
            placeholder: placeholder, accepted: Value.allCases.map(\.rawValue).joined(separator: ", "),
            parse: { Value(rawValue: $0) }, format: { $0.rawValue })
    }
}

extension ValueKind<String> {
    /// The path of a file or folder; a relative one starts where the process does.
    static func path(_ placeholder: String) -> ValueKind {
        ValueKind(
            placeholder: placeholder, accepted: "a path", parse: { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }, format: { $0 })
    }
}

extension ValueKind<Int> {
    /// A whole number within a range.
    static func count(_ range: ClosedRange<Int>) -> ValueKind {
        ValueKind(
            placeholder: "N", accepted: "a number from \(range.lowerBound) to \(range.upperBound)",
            parse: { Decimal.parse($0).flatMap { range.contains($0) ? $0 : nil } }, format: { "\($0)" })
    }
}

/// Whole numbers in plain digits: no sign, no spaces, nothing over `Int.max`.
enum Decimal {
    static func parse(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    /// A number and the unit behind it, with or without a space between them.
    static func split(_ text: String) -> (number: Int, unit: String)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = parse(digits) else { return nil }
        let unit = text[digits.endIndex...]
        return (number, String(unit.hasPrefix(" ") ? unit.dropFirst() : unit))
    }
}

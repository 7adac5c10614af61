extension ValueKind<Duration> {
    static func duration(_ range: ClosedRange<Duration>) -> ValueKind {
        ValueKind(
            placeholder: "TIME",
            accepted:
                "a time from \(TimeSpan.format(range.lowerBound)) to \(TimeSpan.format(range.upperBound)), as in 500ms, 30s, 2m or 1h",
            parse: { TimeSpan.parse($0).flatMap { range.contains($0) ? $0 : nil } }, format: TimeSpan.format)
    }

    /// A span within a range, or `never`, which is zero.
    static func durationOrNever(_ range: ClosedRange<Duration>) -> ValueKind {
        let span = duration(range)
        return ValueKind(
            placeholder: span.placeholder, accepted: span.accepted + "; `never` or 0",
            parse: { $0 == "never" || TimeSpan.isZero($0) ? .zero : span.parse($0) }, format: { $0 == .zero ? "never" : span.format($0) })
    }
}

/// Spans of time as people write them: a whole number and a unit.
enum TimeSpan {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Nil for what is no span, has no unit, or is longer than anybody's patience (some 290 million years).
    static func parse(_ text: String) -> Duration? {
        guard let (number, name) = Decimal.split(text), let unit = units.first(where: { $0.name == name }) else { return nil }
        let (milliseconds, isTooMuch) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return isTooMuch ? nil : .milliseconds(milliseconds)
    }

    /// `0`, with or without a unit.
    static func isZero(_ text: String) -> Bool { text == "0" || parse(text) == .zero }

    /// In the largest unit that leaves a whole number, days only from two on: a lifetime of 24h says more than one of 1d. Below a
    /// millisecond nothing is written.
    static func format(_ span: Duration) -> String {
        let (seconds, attoseconds) = span.components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        guard milliseconds > 0, let unit = units.first(where: { milliseconds.isMultiple(of: $0.milliseconds) }) else { return "0s" }
        if unit.name == "d", milliseconds == unit.milliseconds { return "24h" }
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}

extension ValueKind<Int> {
    /// An amount of bytes within a range.
    static func size(_ range: ClosedRange<Int>) -> ValueKind {
        ValueKind(
            placeholder: "SIZE",
            accepted: "a size from \(ByteSize.format(range.lowerBound)) to \(ByteSize.format(range.upperBound)): \(ByteSize.spelling)",
            parse: { ByteSize.parse($0).flatMap { range.contains($0) ? $0 : nil } }, format: ByteSize.format)
    }

    /// An amount of bytes from `lowest` on. `unlimited` or 0 lifts the limit; the value is `Int.max` then, so that whoever compares
    /// needs no special case.
    static func sizeOrUnlimited(from lowest: Int) -> ValueKind {
        ValueKind(
            placeholder: "SIZE",
            accepted: "a size from \(ByteSize.format(lowest)) on: \(ByteSize.spelling); `unlimited` or 0 for no limit",
            parse: { text in
                if text == "unlimited" || text == "0" { return .max }
                return ByteSize.parse(text).flatMap { $0 >= lowest ? $0 : nil }
            },
            format: { $0 == .max ? "unlimited" : ByteSize.format($0) })
    }
}

/// Amounts of bytes as people write them.
enum ByteSize {
    static let spelling = "bytes, or with a unit as in 500MB or 10GiB"

    /// Decimal and binary units as IEC 80000-13 has them. A bare `G` is left out, as it means either.
    private static let units: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
    ]

    /// Letter case does not matter; nil for what is no size or does not fit into an `Int`.
    static func parse(_ text: String) -> Int? {
        guard let (number, unit) = Decimal.split(text) else { return nil }
        guard !unit.isEmpty else { return number }
        guard let factor = units.first(where: { $0.name.lowercased() == unit.lowercased() })?.bytes else { return nil }
        let (bytes, isTooMuch) = number.multipliedReportingOverflow(by: factor)
        return isTooMuch ? nil : bytes
    }

    /// In the largest unit that leaves a whole number.
    static func format(_ bytes: Int) -> String {
        guard bytes > 0, let unit = units.first(where: { $0.bytes > 1 && bytes.isMultiple(of: $0.bytes) }) else { return "\(bytes)" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}

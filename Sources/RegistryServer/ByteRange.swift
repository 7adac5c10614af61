/// What a `Range` field asks of bytes whose number is known (RFC 9110 §14.1.2).
enum ByteRange: Equatable {
    /// No range, or one that may be left aside: another unit, several ranges, a malformed field.
    case whole
    case part(Range<Int64>)
    /// The range begins beyond the end, or ends before it begins.
    case unsatisfiable

    /// Ends are clamped: engines ask for one byte more than there is (v1.md §4.5).
    init(_ field: String?, size: Int64) {
        self = .whole
        guard let field, field.hasPrefix("bytes=") else { return }
        let spec = field.dropFirst(6)
        let ends = spec.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, !spec.contains(",") else { return }
        let first = ends[0].filter { $0 != " " }
        let last = ends[1].filter { $0 != " " }
        if first.isEmpty {
            guard let suffix = Self.number(last) else { return }
            self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)..<size) : .unsatisfiable
        } else {
            guard let start = Self.number(first), let end = last.isEmpty ? Int64.max - 1 : Self.number(last) else { return }
            self = start < size && start <= end ? .part(start..<min(end + 1, size)) : .unsatisfiable
        }
    }

    /// A number of digits only; one too large for a machine word stands for the largest, which is beyond any end.
    private static func number(_ text: some StringProtocol) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return min(Int64(text) ?? .max, .max - 1)
    }
}

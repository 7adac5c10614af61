extension ValueKind {
    /// Several values with commas between them; in the file they may stand in a YAML sequence as well.
    ///
    /// An empty list is none: what it would mean, everybody or nobody, differs from reader to reader. So that a mistake does not hide, two
    /// elements that `identity` makes the same are refused.
    static func list<Element>(
        of element: ValueKind<Element>, _ accepted: String, identity: @escaping @Sendable (Element) -> String
    ) -> ValueKind where Value == [Element] {
        ValueKind(
            placeholder: "\(element.placeholder),...", accepted: "a list with commas between its elements; \(accepted)", isList: true,
            parse: { text in
                var values: [Element] = []
                for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                    guard let value = element.parse(part.trimmed) else { return nil }
                    values.append(value)
                }
                return Set(values.map(identity)).count == values.count ? values : nil
            },
            format: { $0.map(element.format).joined(separator: ",") })
    }
}

extension Substring {
    /// Without blanks at either end.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

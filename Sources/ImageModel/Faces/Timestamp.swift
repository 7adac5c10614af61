/// Times as images have them: RFC 3339 (v1.md §7.1). They are kept as text, with every digit of their fractions.
enum Timestamp {
    /// Go's zero time, which stands for an unknown one.
    static let unknown = "0001-01-01T00:00:00Z"

    /// The text if Go reads it as a time, else nil: one wrong time in a document, and an engine reads nothing of it.
    static func checked(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 64 else { return nil }
        var rest = Array(text.utf8)[...]
        guard let year = number(&rest, 4), take("-", &rest), let month = number(&rest, 2), (1...12).contains(month), take("-", &rest),
            let day = number(&rest, 2), (1...days(in: month, of: year)).contains(day), take("T", &rest),
            let hour = number(&rest, 2), hour < 24, take(":", &rest), let minute = number(&rest, 2), minute < 60, take(":", &rest),
            let second = number(&rest, 2), second < 60
        else { return nil }
        if take(".", &rest) {
            let digits = rest.prefix(while: \.isDigit)
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
        }
        if take("Z", &rest) { return rest.isEmpty ? text : nil }
        guard take("+", &rest) || take("-", &rest), let hours = number(&rest, 2), hours < 24, take(":", &rest),
            let minutes = number(&rest, 2), minutes < 60, rest.isEmpty
        else { return nil }
        return text
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ length: Int) -> Int? {
        let digits = rest.prefix(length)
        guard digits.count == length, digits.allSatisfy(\.isDigit) else { return nil }
        rest = rest.dropFirst(length)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}

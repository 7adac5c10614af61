import FoundationEssentials

/// Something that a command lists: a row of a table, or an object of JSON.
protocol Listed: Encodable {
    static var titles: [String] { get }
    var cells: [String] { get }
}

enum Listing {
    static func text<Row: Listed>(_ rows: [Row], as format: ListFormat) throws -> String {
        switch format {
        case .table: Table.text(Row.titles, rows.map(\.cells))
        case .json: try json(rows)
        }
    }

    /// Keys in the order of the alphabet and with underscores; ends with a line break.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// In UTC, to the second: `2026-11-21T12:00:00Z`.
    static func time(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}

/// Rows with aligned columns, for people.
enum Table {
    /// A line for the titles, if there are any, and each row; two spaces between columns and none at the end of a line.
    static func text(_ titles: [String], _ rows: [[String]]) -> String {
        let cells = (titles.isEmpty ? rows : [titles] + rows).map { $0.map(Visible.text) }
        let widths = (cells.first ?? []).indices.map { column in cells.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return cells.map { row in
            let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}

/// Text from outside, for a terminal or a line of a file.
enum Visible {
    /// Without characters that would end the line or act on a terminal.
    static func text(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "\\u" + String(scalar.value + 0x10000, radix: 16).suffix(4)
            default: String(scalar)
            }
        }.joined()
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}

import FoundationEssentials

/// The settings as `wharf config print` shows them.
enum PrintedSettings {
    enum Format: String, CaseIterable, Sendable {
        case table, yaml, json
    }

    /// Ends with a line break.
    static func text(_ settings: [ResolvedSetting], as format: Format) throws -> String {
        switch format {
        case .table: table(settings)
        case .yaml: yaml(settings)
        case .json: try json(settings)
        }
    }

    private static func table(_ settings: [ResolvedSetting]) -> String {
        let rows =
            [["SETTING", "VALUE", "FROM"]]
            + settings.map { ["\($0.definition.key)", $0.shownValue.map(visible) ?? "-", visible("\($0.origin)")] }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row[0].padded(to: widths[0]) + "  " + row[1].padded(to: widths[1]) + "  " + row[2] + "\n"
        }.joined()
    }

    /// A file that `--config` takes; what is not set, may not stand in a file, or is secret is a comment.
    private static func yaml(_ settings: [ResolvedSetting]) -> String {
        var text = ""
        var section: [String] = []
        for setting in settings {
            let path = setting.definition.key.components
            if path.dropLast() != section[...] {
                section = Array(path.dropLast())
                for (depth, name) in section.enumerated() { text += indent(depth) + name + ":\n" }
            }
            let isComment = setting.value == nil || setting.definition.isSecret || !setting.definition.isAllowedInFile
            text += indent(path.count - 1) + (isComment ? "# " : "") + (path.last ?? "") + ": "
            text += (setting.shownValue.map(quoted) ?? "(not set)") + "  # \(visible("\(setting.origin)"))\n"
        }
        return text
    }

    private struct Entry: Encodable {
        let setting: String
        let value: String?
        let from: String
    }

    private static func json(_ settings: [ResolvedSetting]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let entries = settings.map { Entry(setting: "\($0.definition.key)", value: $0.shownValue, from: "\($0.origin)") }
        return String(decoding: try encoder.encode(entries), as: UTF8.self) + "\n"
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    /// In double quotes, which YAML reads as JSON does.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || [45, 46, 47, 95].contains(byte)
        }
        guard !isPlain else { return value }
        return "\"" + visible(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")) + "\""
    }

    /// Without characters that would end the line or act on a terminal.
    private static func visible(_ text: String) -> String {
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

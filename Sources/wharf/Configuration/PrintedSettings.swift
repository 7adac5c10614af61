import FoundationEssentials

/// The settings as `wharf config print` shows them.
enum PrintedSettings {
    enum Format: String, CaseIterable, Sendable {
        case table, yaml, json
    }

    /// Ends with a line break.
    static func text(_ resolution: Resolution, as format: Format) throws -> String {
        switch format {
        case .table: table(resolution)
        case .yaml: yaml(resolution.settings) + yaml(resolution.rules)
        case .json: try json(resolution)
        }
    }

    private static func table(_ resolution: Resolution) -> String {
        let settings = resolution.settings.map { ["\($0.definition.key)", $0.shownValue ?? "-", "\($0.origin)"] }
        let rules = RuleSections.Name.allCases.map { [$0.rawValue, resolution.rules.count($0), "\(resolution.rules.origin($0))"] }
        return Table.text(["SETTING", "VALUE", "FROM"], settings + rules)
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
            text += (setting.shownValue.map(quoted) ?? "(not set)") + "  # \(Visible.text("\(setting.origin)"))\n"
        }
        return text
    }

    static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    /// In double quotes, which YAML reads as JSON does, unless it can do without.
    static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || [45, 46, 47, 95].contains(byte)
        }
        guard !isPlain || value.hasPrefix("-") || ["", "null", "Null", "NULL"].contains(value) else { return value }
        return "\"" + Visible.text(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")) + "\""
    }
}

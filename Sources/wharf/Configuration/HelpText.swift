/// The settings as the help of a command shows them.
enum HelpText {
    /// Lines of at most `width` columns: each flag with its meaning, what is accepted, and its default.
    static func settings(_ definitions: [SettingDefinition], width: Int = 79) -> String {
        let entries = definitions.map { definition in
            var text = definition.meaning + " Accepted: \(definition.accepted)."
            if let value = definition.defaultText { text += " Default: \(value)." }
            return "  \(definition.key.flag) \(definition.placeholder)\n" + wrap(text, indent: 6, width: width)
        }
        return entries.joined(separator: "\n")
    }

    static func wrap(_ text: String, indent: Int, width: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = margin
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > width, line.count > indent {
                lines.append(line)
                line = margin
            }
            line += (line.count > indent ? " " : "") + word
        }
        return (lines + [line]).joined(separator: "\n")
    }
}

/// A configuration of Wharf that is being put together.
struct NewSettings {
    private struct Entry {
        let key: String
        let value: [String]
        let isList: Bool
        let comment: String?
    }

    private var entries: [Entry] = []
    private var remarks: [String] = []

    /// - Parameter comment: what somebody should know who looks at the line.
    mutating func set(_ key: String, _ value: String, _ comment: String? = nil) {
        guard !has(key) else { return }
        entries.append(Entry(key: key, value: [value], isList: false, comment: comment))
    }

    /// Says what became of an old setting, never with its value, which may be a secret.
    mutating func remark(_ setting: OldSetting, _ words: String) { remarks.append("\(setting.path) (line \(setting.line)): \(words)") }

    /// Says something that concerns no setting of the file.
    mutating func remark(_ words: String) { remarks.append(words) }

    func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    func yaml(_ introduction: [String]) -> String {
        var lines = introduction.flatMap { Self.comment($0, indent: "") } + [""]
        var written: Set<String> = []
        for entry in entries where written.insert(Self.section(entry.key)).inserted {
            let section = Self.section(entry.key)
            let members = entries.filter { Self.section($0.key) == section }
            if members.allSatisfy({ $0.key == section }) {
                lines += Self.lines(entry, name: section, indent: "")
            } else {
                lines.append("\(section):")
                for member in members { lines += Self.lines(member, name: String(member.key.dropFirst(section.count + 1)), indent: "  ") }
            }
        }
        if !remarks.isEmpty {
            lines += ["", "# What has no counterpart, and what else is to be done:"]
            for remark in remarks { lines += Self.comment("- \(remark)", indent: "") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ key: String) -> String { String(key.prefix { $0 != "." }) }

    private static func lines(_ entry: Entry, name: String, indent: String) -> [String] {
        let value = entry.value.map(scalar).joined(separator: ", ")
        return (entry.comment.map { comment($0, indent: indent) } ?? []) + ["\(indent)\(name): \(entry.isList ? "[\(value)]" : value)"]
    }

    /// As comments, broken at blanks.
    private static func comment(_ text: String, indent: String) -> [String] {
        var lines: [String] = []
        var line = ""
        let visible = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        for word in visible.split(separator: " ") {
            if !line.isEmpty, line.count + word.count > 110 {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return (lines + [line]).enumerated().map { index, line in
            "\(indent)#\(line.isEmpty ? "" : " ")\(index > 0 && text.hasPrefix("- ") ? "  " : "")\(line)"
        }
    }

    /// Plain where nothing in it means anything to YAML.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { $0 == UInt8(ascii: "/") || isWord($0) } == true
            && text.utf8.allSatisfy { isWord($0) || "./:@+-".utf8.contains($0) } && !text.hasSuffix(":")
        guard !isPlain || ["null", "~"].contains(text.lowercased()) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.properties.generalCategory == .control:
                quoted += "\\u" + String(scalar.value + 0x10000, radix: 16).suffix(4)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte == UInt8(ascii: "_")
        }
    }
}

import FoundationEssentials
import ImageModel

extension PrintedSettings {
    /// An array with an object for each setting, in the order of the reference, and then for `groups` and `rules`.
    static func json(_ resolution: Resolution) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let settings = resolution.settings.map { setting in
            Entry(setting: "\(setting.definition.key)", value: setting.shownValue.map { .text($0) }, from: "\(setting.origin)")
        }
        let sections = RuleSections.Name.allCases.map { name in
            Entry(setting: name.rawValue, value: value(of: name, resolution.rules), from: "\(resolution.rules.origin(name))")
        }
        return String(decoding: try encoder.encode(settings + sections), as: UTF8.self) + "\n"
    }

    private struct Entry: Encodable {
        let setting: String
        let value: Value?
        let from: String
    }

    private enum Value: Encodable {
        case text(String)
        case groups([String: [String]])
        case rules([[String: [String]]])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .groups(let groups): try container.encode(groups)
            case .rules(let rules): try container.encode(rules)
            }
        }
    }

    private static func value(of name: RuleSections.Name, _ sections: RuleSections) -> Value? {
        guard sections.origins[name] != nil else { return nil }
        switch name {
        case .groups: return .groups(Dictionary(sections.groups.map { ($0.name, $0.members) }, uniquingKeysWith: { first, _ in first }))
        case .rules: return .rules(sections.rules.map { Dictionary($0.fields, uniquingKeysWith: { first, _ in first }) })
        }
    }
}

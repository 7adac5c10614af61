import ImageModel

/// Reads ``RuleSections``, and notes everything that is wrong with them.
struct RuleReader {
    private let path: String
    private(set) var problems: [ConfigurationProblem] = []

    init(path: String) { self.path = path }

    mutating func groups(_ section: YAMLSection) -> [RuleSections.Group] {
        let entries: [YAMLSection]
        switch section.value.content {
        case .mapping(let sections): entries = sections
        case .empty: return []
        case .text, .sequence:
            complain(.groups, section.line, .shape("a mapping of names to lists, as in `builders: [alice, robot]`"))
            return []
        }
        return entries.compactMap { entry in
            guard Self.isGroupName(entry.name) else {
                complain(.groups, entry.line, .groupName(entry.name))
                return nil
            }
            let members = values(of: entry, in: .groups, accepted: CallerName.accepted) { CallerName.isOne($0) ? $0 : nil }
            return RuleSections.Group(name: entry.name, members: members.map(\.value))
        }
    }

    /// - Parameter groups: The names of those that a rule may name.
    mutating func rules(_ section: YAMLSection, groups: Set<String>) -> [RuleSections.Rule] {
        guard case .sequence(let entries) = section.value.content else {
            complain(.rules, section.line, .shape("a list of rules, each with `repositories`, `who` and `actions`"))
            return []
        }
        if entries.isEmpty { complain(.rules, section.line, .empty("rules")) }
        return entries.compactMap { entry in
            guard case .mapping(let fields) = entry.content else {
                complain(.rules, entry.line, .shape("a list of rules, each with `repositories`, `who` and `actions`"))
                return nil
            }
            return rule(fields, line: entry.line, groups: groups)
        }
    }

    private enum Field: String, CaseIterable {
        case repositories, who, actions
    }

    private mutating func rule(_ fields: [YAMLSection], line: Int, groups: Set<String>) -> RuleSections.Rule? {
        var found: [Field: YAMLSection] = [:]
        for field in fields {
            guard let name = Field(rawValue: field.name) else {
                complain(.rules, field.line, .unknown(field.name, nearest: nearest(to: field.name, in: Field.allCases.map(\.rawValue))))
                continue
            }
            found[name] = field
        }
        let missing = Field.allCases.filter { found[$0] == nil }
        for field in missing { complain(.rules, line, .missing(field.rawValue)) }
        guard let repositories = found[.repositories], let who = found[.who], let actions = found[.actions] else { return nil }
        return RuleSections.Rule(
            repositories: values(
                of: repositories, in: .rules,
                accepted: "a repository's name in small letters, in which * stands for any run of characters: team/app, team/*, *"
            ) { RepositoryPattern($0) }.map(\.value),
            who: values(
                of: who, in: .rules,
                accepted: "users (everybody who is logged in), anonymous (everybody), @ and the name of a group, or a caller's name"
            ) { Self.who($0) }.filter { isKnown($0.value, groups, line: $0.line) }.map(\.value),
            actions: values(of: actions, in: .rules, accepted: RuleSections.Action.allCases.map(\.rawValue).joined(separator: ", ")) {
                RuleSections.Action(rawValue: $0)
            }.map(\.value),
            origin: .file(path: path, line: line))
    }

    /// The elements of a list of texts; there has to be one.
    private mutating func values<Value>(
        of field: YAMLSection, in section: RuleSections.Name, accepted: String, _ parse: (String) -> Value?
    ) -> [(value: Value, line: Int)] {
        guard case .sequence(let elements) = field.value.content else {
            complain(section, field.line, .noList(field.name))
            return []
        }
        if elements.isEmpty { complain(section, field.line, .empty(field.name)) }
        return elements.compactMap { element in
            guard case .text(let text) = element.content else {
                complain(section, element.line, .noText(field.name))
                return nil
            }
            guard let value = parse(text) else {
                complain(section, element.line, .value(field.name, text, accepted: accepted))
                return nil
            }
            return (value, element.line)
        }
    }

    private mutating func isKnown(_ who: RuleSections.Who, _ groups: Set<String>, line: Int) -> Bool {
        guard case .group(let name) = who, !groups.contains(name) else { return true }
        complain(.rules, line, .unknownGroup(name, nearest: nearest(to: name, in: groups.sorted())))
        return false
    }

    private static func who(_ text: String) -> RuleSections.Who? {
        switch text {
        case "users": .users
        case "anonymous": .anonymous
        default:
            if text.hasPrefix("@") {
                isGroupName(String(text.dropFirst())) ? .group(String(text.dropFirst())) : nil
            } else {
                CallerName.isOne(text) ? .named(text) : nil
            }
        }
    }

    private static func isGroupName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "_-.".utf8.contains(byte)
                }
            }
    }

    private mutating func complain(_ section: RuleSections.Name, _ line: Int, _ flaw: RuleFlaw) {
        problems.append(.badRules(section, .file(path: path, line: line), flaw))
    }
}

/// Everything that is wrong with the configuration, so that it can be put right in one go.
struct ConfigurationError: Error, CustomStringConvertible {
    let problems: [ConfigurationProblem]

    init(_ problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    /// One line for each problem.
    var description: String {
        problems.map { String("\($0)".map { $0.isNewline ? " " : $0 }) }.joined(separator: "\n")
    }
}

/// One thing that is wrong with the configuration; its description says what to do about it.
enum ConfigurationProblem: Sendable, CustomStringConvertible {
    case unknownFlag(String, nearest: String?)
    case unknownVariable(String, nearest: String?)
    case unknownKey(SettingKey, Origin, nearest: String?)
    case strayArgument(String)
    case flagWithoutValue(SettingDefinition)
    case repeated(String)
    case notASection(SettingKey, Origin)
    case notOneValue(SettingDefinition, Origin)
    case badValue(SettingDefinition, text: String, Origin)
    case badFile(path: String, String)
    case missing(SettingKey)
    case badRules(RuleSections.Name, Origin, RuleFlaw)
    case contradiction(Contradiction)

    var description: String {
        switch self {
        case .unknownFlag(let flag, let nearest):
            "unknown flag \(quoted(flag))" + hint(nearest)
        case .unknownVariable(let name, let nearest):
            "unknown environment variable \(quoted(name))" + hint(nearest)
        case .unknownKey(let key, let origin, let nearest):
            "unknown key \(quoted("\(key)")) (\(origin))" + hint(nearest)
        case .strayArgument(let argument):
            "unexpected argument \(quoted(argument)): settings are given as --name value"
        case .flagWithoutValue(let definition):
            "flag \(definition.key.flag) has no value; accepted is \(definition.accepted)"
        case .repeated(let what):
            "\(what) is given twice"
        case .notASection(let key, let origin):
            "\(key) (\(origin)) is a section: its settings stand below it, indented"
        case .notOneValue(let definition, let origin):
            "\(definition.key) (\(origin)) has no single value; accepted is \(definition.accepted)"
        case .badValue(let definition, let text, let origin):
            "\(definition.key) (\(origin)) cannot be \(definition.isSecret ? "what it is set to" : quoted(text)); "
                + "accepted is \(definition.accepted)"
        case .badFile(let path, let reason):
            "configuration file \(quoted(path)): \(reason)"
        case .missing(let key):
            "\(key) has no value"
        case .badRules(let section, let origin, let flaw):
            "\(section.rawValue) (\(origin)): \(flaw.text(quoted: quoted))"
        case .contradiction(let contradiction):
            "\(contradiction)"
        }
    }

    private func hint(_ nearest: String?) -> String {
        nearest.map { "; did you mean \($0)?" } ?? "; `wharf config reference` lists all settings"
    }

    /// What somebody typed, as far as it helps, without what would disturb a terminal.
    private func quoted(_ text: String) -> String {
        let escaped = text.prefix(200).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "`" + escaped.joined() + (text.count > 200 ? "…" : "") + "`"
    }
}

/// Where the value of a setting was found.
enum Origin: Hashable, Sendable, CustomStringConvertible {
    case flag(String)
    case environment(String)
    case file(path: String, line: Int)
    case defaultValue

    var description: String {
        switch self {
        case .flag(let flag): "flag \(flag)"
        case .environment(let variable): "environment \(variable)"
        case .file(let path, let line): "\(path) line \(line)"
        case .defaultValue: "default"
        }
    }
}

/// A setting, what it is set to, and by whom.
struct ResolvedSetting: Sendable {
    let definition: SettingDefinition
    /// Accepted by the definition, in its shortest form; nil when the setting is not set and has no default.
    let value: String?
    let origin: Origin

    /// For people's eyes: the value of a secret is never shown, only that there is one.
    var shownValue: String? {
        definition.isSecret && value != nil ? "(secret)" : value
    }
}

/// The one definition of a setting. The flag, the environment variable, the key of the YAML file, the help of `wharf serve`,
/// `wharf config print` and docs/configuration.md all come from it.
struct Setting<Value: Sendable>: Sendable {
    let key: SettingKey
    let kind: ValueKind<Value>
    /// Nil: without a value the setting is simply not set.
    let defaultValue: Value?
    /// One sentence or a few: what it does, and why anyone would change it.
    let meaning: String
    let isSecret: Bool
    /// The file cannot say where the file is.
    let isAllowedInFile: Bool

    init(
        _ key: String, _ kind: ValueKind<Value>, default defaultValue: Value? = nil, isSecret: Bool = false, isAllowedInFile: Bool = true,
        meaning: String
    ) {
        self.key = SettingKey(key)
        self.kind = kind
        self.defaultValue = defaultValue
        self.meaning = meaning
        self.isSecret = isSecret
        self.isAllowedInFile = isAllowedInFile
    }

    var definition: SettingDefinition {
        SettingDefinition(
            key: key, placeholder: kind.placeholder, accepted: kind.accepted, isList: kind.isList,
            defaultText: defaultValue.map(kind.format), meaning: meaning, isSecret: isSecret, isAllowedInFile: isAllowedInFile,
            canonical: { kind.parse($0).map(kind.format) })
    }
}

/// A ``Setting`` without the type of its value.
struct SettingDefinition: Sendable {
    let key: SettingKey
    let placeholder: String
    let accepted: String
    /// Whether the file may write it as a YAML sequence.
    let isList: Bool
    let defaultText: String?
    let meaning: String
    let isSecret: Bool
    let isAllowedInFile: Bool
    /// The text in its shortest form, or nil when it is not accepted.
    let canonical: @Sendable (String) -> String?
}

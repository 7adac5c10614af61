import Configuration

/// All settings with their values: flags before environment before the YAML file before defaults.
struct Resolution: Sendable {
    /// One for every definition, in their order.
    let settings: [ResolvedSetting]
    /// Only the file can have them.
    let rules: RuleSections
    let invocation: Invocation

    /// - Parameters:
    ///   - sources: The strongest first.
    ///   - rules: Those of the file.
    ///   - invocation: What the sources were made from.
    init(
        _ definitions: [SettingDefinition], from sources: [SettingSource], rules: RuleSections, invocation: Invocation
    ) throws(ConfigurationError) {
        var problems: [ConfigurationProblem] = []
        var settings: [ResolvedSetting] = []
        for definition in definitions {
            let found = sources.lazy.compactMap { $0.find(definition.key) }.first
            guard let (text, origin) = found else {
                settings.append(ResolvedSetting(definition: definition, value: definition.defaultText, origin: .defaultValue))
                continue
            }
            if let value = definition.canonical(text) {
                settings.append(ResolvedSetting(definition: definition, value: value, origin: origin))
            } else {
                problems.append(.badValue(definition, text: text, origin))
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        self.settings = settings
        self.rules = rules
        self.invocation = invocation
    }

    /// The value of a setting, or nil when it has none.
    func value<Value>(of setting: Setting<Value>) -> Value? {
        settings.first { $0.definition.key == setting.key }?.value.flatMap(setting.kind.parse)
    }

    /// Where a setting was found, when somebody has set it.
    func origin<Value>(of setting: Setting<Value>) -> Origin? {
        settings.first { $0.definition.key == setting.key && $0.origin != .defaultValue }?.origin
    }

    /// The value of a setting that has a default.
    ///
    /// - Throws: When it has neither: the setting then lacks its default in the list of settings.
    func required<Value>(_ setting: Setting<Value>) throws(ConfigurationError) -> Value {
        guard let value = value(of: setting) ?? setting.defaultValue else { throw ConfigurationError([.missing(setting.key)]) }
        return value
    }
}

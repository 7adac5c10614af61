import Configuration

extension SettingSource {
    /// Reads `--name value` and `--name=value`.
    ///
    /// Of swift-configuration's parts this is the in-memory provider: `CommandLineArgumentsProvider` leaves unknown flags and stray
    /// arguments unmentioned, splits values at commas, and spells `layer_size` with an underscore.
    static func flags(
        _ arguments: [String], _ definitions: [SettingDefinition]
    ) throws(ConfigurationError) -> SettingSource {
        let known = Dictionary(definitions.map { ($0.key.flag, $0) }, uniquingKeysWith: { first, _ in first })
        var problems: [ConfigurationProblem] = []
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                problems.append(.strayArgument(argument))
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let flag = parts[0]
            // The word after an unknown flag is most likely its value; and a flag is no value, or forgetting one would eat the next flag.
            let text = parts.count > 1 ? parts[1] : rest.first.flatMap { $0.hasPrefix("--") ? nil : $0 }
            if parts.count == 1, text != nil { rest.removeFirst() }
            guard let definition = known[flag] else {
                problems.append(.unknownFlag(flag, nearest: nearest(to: flag, in: definitions.map(\.key.flag))))
                continue
            }
            guard let text else {
                problems.append(.flagWithoutValue(definition))
                continue
            }
            if values.updateValue(ConfigValue(.string(text), isSecret: definition.isSecret), forKey: definition.key.absolute) != nil {
                problems.append(.repeated("flag \(flag)"))
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return SettingSource(provider: InMemoryProvider(name: "flags", values: values), origin: { .flag($0.flag) })
    }
}

extension Resolution {
    /// Finds and checks all settings.
    ///
    /// - Parameters:
    ///   - arguments: The flags after the command.
    ///   - environment: All of it; only what begins with `WHARF_` counts.
    ///   - definitions: What settings there are, ``Settings/config`` among them when a file may be named.
    /// - Throws: All that is wrong in flags and environment; else all that is wrong with the file; else all values that are not accepted.
    static func load(
        arguments: [String], environment: [String: String], definitions: [SettingDefinition] = Settings.definitions
    ) throws(ConfigurationError) -> Resolution {
        var problems: [ConfigurationProblem] = []
        func collect(_ source: () throws(ConfigurationError) -> SettingSource) -> SettingSource? {
            do {
                return try source()
            } catch {
                problems += error.problems
                return nil
            }
        }
        let flags = collect { () throws(ConfigurationError) in try SettingSource.flags(arguments, definitions) }
        let variables = collect { () throws(ConfigurationError) in try SettingSource.environment(environment, definitions) }
        guard let flags, let variables else { throw ConfigurationError(problems) }
        var sources = [flags, variables]
        var rules = RuleSections()
        let invocation = Invocation(
            arguments: arguments, environment: environment.filter { $0.key.hasPrefix(SettingKey.variablePrefix) })
        let places = try Resolution(
            definitions.filter { $0.key == Settings.config.key }, from: sources, rules: rules, invocation: invocation)
        if let path = places.value(of: Settings.config) {
            let file = try ConfigurationFile(path: path, definitions)
            sources.append(file.source)
            rules = file.rules
        }
        return try Resolution(definitions, from: sources, rules: rules, invocation: invocation)
    }
}

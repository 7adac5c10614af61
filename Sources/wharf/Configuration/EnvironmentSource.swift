import Configuration

extension SettingSource {
    /// Reads `WHARF_…`. A variable of that prefix that is no setting is refused, as it is most likely a misspelt one.
    static func environment(
        _ environment: [String: String], _ definitions: [SettingDefinition]
    ) throws(ConfigurationError) -> SettingSource {
        let known = Set(definitions.map(\.key.variable))
        let problems: [ConfigurationProblem] = environment.keys.sorted().compactMap { name in
            guard name.hasPrefix(SettingKey.variablePrefix), !known.contains(name), !isServiceLink(name) else { return nil }
            return .unknownVariable(name, nearest: nearest(to: name, in: known.sorted()))
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        let secrets = Set(definitions.filter(\.isSecret).map(\.key.variable))
        let provider = EnvironmentVariablesProvider(environmentVariables: environment, secretsSpecifier: .specific(secrets))
        return SettingSource(provider: provider, origin: { .environment($0.variable) })
    }

    /// Kubernetes gives every container of a namespace variables for each service there; for a service named `wharf` these are
    /// `WHARF_SERVICE_HOST`, `WHARF_SERVICE_PORT_HTTP`, `WHARF_PORT`, `WHARF_PORT_5000_TCP_ADDR` and so on.
    private static func isServiceLink(_ name: String) -> Bool {
        let words = name.split(separator: "_").dropFirst()
        guard let port = words.firstIndex(of: "PORT") else { return name.hasSuffix("_SERVICE_HOST") }
        let after = words[(port + 1)...]
        return words[..<port].last == "SERVICE" || after.isEmpty || (after.count >= 2 && after.first.flatMap { UInt16($0) } != nil)
    }
}

import ImageRegistry

/// How the settings were given, to find them again: the file may have changed, these do not.
struct Invocation: Sendable {
    /// The flags after the command.
    let arguments: [String]
    /// Only what is Wharf's.
    let environment: [String: String]
}

extension Configuration {
    /// What the file says now, as far as it counts without a restart.
    struct Reloaded: Sendable {
        let rules: [AccessRule]
        let protection: Protection
        /// Settings of the file that are not as they were when the server started. They count after a restart.
        let waiting: [SettingKey]
    }

    /// Reads the file again (SIGHUP). The whole of it has to be in order, as for a start.
    ///
    /// - Throws: All that is wrong with it; the server goes on with what it has.
    func reloaded() throws(ConfigurationError) -> Reloaded {
        let resolution = try Resolution.load(
            arguments: self.resolution.invocation.arguments, environment: self.resolution.invocation.environment)
        let configuration = try Configuration(resolution)
        // A file that is just being written must not open everything.
        if accounts.authentication == .passwordFile, !rules.isEmpty, configuration.rules.isEmpty {
            throw ConfigurationError([.contradiction(.rulesGone)])
        }
        let changed = zip(self.resolution.settings, resolution.settings).filter { $0.value != $1.value }.map { $0.0.definition.key }
        return Reloaded(
            rules: configuration.rules, protection: configuration.protection, waiting: changed.filter { !Protection.keys.contains($0) })
    }
}

/// Flags of settings among the arguments of a command.
enum SettingFlags {
    /// Puts `--data DIR` at the end, as `--data=DIR`: ArgumentParser knows no settings, and only lets what it does not know stand behind the
    /// command's own arguments, where ``DataOptions`` and the like gather it. What follows `--` is no flag.
    static func last(_ arguments: [String], _ definitions: [SettingDefinition] = Settings.definitions) -> [String] {
        let flags = Set(definitions.map(\.key.flag))
        var (others, settings): ([String], [String]) = ([], [])
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return others + settings + [argument] + rest }
            let isJoined = argument.contains("=")
            if !flags.contains(String(argument.prefix { $0 != "=" })) {
                others.append(argument)
            } else if !isJoined, let value = rest.first, !value.hasPrefix("--") {
                settings.append("\(argument)=\(value)")
                rest.removeFirst()
            } else {
                settings.append(argument)
            }
        }
        return others + settings
    }
}

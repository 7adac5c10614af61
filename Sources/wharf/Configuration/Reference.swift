/// The page docs/configuration.md.
enum Reference {
    static func markdown(_ definitions: [SettingDefinition]) -> String {
        ([introduction] + definitions.map(entry)).joined(separator: "\n")
    }

    private static let introduction = """
        # Configuration

        <!-- Written by `wharf config reference > docs/configuration.md`. Change Sources/wharf/Configuration/Settings*.swift instead. -->

        `wharf serve` needs no configuration. Every setting below can be given in three ways; the first that is there wins:

        1. as a flag of `wharf serve`: `--log-level debug` or `--log-level=debug`,
        2. as a variable of the environment: `WHARF_LOG_LEVEL=debug`,
        3. in the YAML file that `--config FILE` or `WHARF_CONFIG` names.

        ```yaml
        listen: 0.0.0.0:5000
        auth: none
        log:
          level: debug
        limits:
          layer_size: 10GiB
        ```

        `wharf config print`, with the same flags, environment and file, shows every setting, its value and where it came from.

        What is misspelt is refused: an unknown flag, key or `WHARF_` variable, or a value that is not accepted, ends `wharf serve` before it
        starts, with exit code 2 and a message that names it. (Variables that Kubernetes makes for a service called `wharf`, such as
        `WHARF_PORT_5000_TCP_ADDR`, are left alone.) The file may have 256 KiB, and no anchors and aliases.

        Sizes are bytes, or have a unit: `kB`, `MB`, `GB`, `TB` (powers of 1000) or `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024).
        Times have the unit `ms`, `s`, `m` or `h`.

        """

    private static func entry(_ definition: SettingDefinition) -> String {
        var lines = ["## `\(definition.key)`", "", definition.meaning, ""]
        lines.append("- Flag: `\(definition.key.flag) \(definition.placeholder)`")
        lines.append("- Environment: `\(definition.key.variable)`")
        if !definition.isAllowedInFile { lines.append("- Not in the file") }
        lines.append("- Default: " + (definition.defaultText.map { "`\($0)`" } ?? "not set"))
        lines.append("- Accepted: \(definition.accepted)")
        if definition.isSecret {
            lines.append("- Secret: never shown nor logged; better not given as a flag, which other users of the machine see")
        }
        return (lines + [""]).joined(separator: "\n")
    }
}

import Configuration

/// The name of a setting, from which its spellings in all places follow.
struct SettingKey: Hashable, Sendable, CustomStringConvertible {
    /// Lower-case words with underscores, such as `["limits", "layer_size"]`.
    let components: [String]

    /// - Parameter dotted: As in `limits.layer_size`.
    init(_ dotted: String) {
        components = dotted.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    /// In the YAML file, and wherever a setting is spoken of: `limits.layer_size`.
    var description: String { components.joined(separator: ".") }

    /// On the command line: `--limits-layer-size`.
    var flag: String { "--" + String(description.map { $0 == "." || $0 == "_" ? "-" : $0 }) }

    /// In the environment: `WHARF_LIMITS_LAYER_SIZE`.
    var variable: String { Self.variablePrefix + components.joined(separator: "_").uppercased() }

    static let variablePrefix = "WHARF_"

    /// As providers of swift-configuration know it. The first component is what `EnvironmentVariablesProvider` turns into the prefix.
    var absolute: AbsoluteConfigKey { AbsoluteConfigKey(["wharf"] + components) }
}

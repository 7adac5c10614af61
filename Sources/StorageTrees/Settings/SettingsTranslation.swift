/// What another registry's settings file says, as a configuration of Wharf.
public struct SettingsTranslation: Sendable, Equatable {
    public enum Source: String, Sendable, CaseIterable {
        case dockerRegistry = "docker-registry"
        case distribution
    }

    public let source: Source
    /// YAML, with a comment for each setting that has no counterpart. No value that might be a secret stands in a comment.
    public let yaml: String

    /// - Parameters:
    ///   - bytes: the file.
    ///   - source: whose file it is; nil: what it looks like.
    ///   - flavor: of docker-registry's; nil: the one that it would take itself.
    ///   - environment: for values of docker-registry such as `_env:STORAGE_PATH:/registry`.
    public init(_ bytes: [UInt8], from source: Source?, flavor: String?, environment: [String: String]) throws(SettingsRefusal) {
        let file = try SettingsFile(bytes)
        self.source = source ?? Self.source(of: file)
        switch self.source {
        case .dockerRegistry: yaml = try DockerRegistrySettings(file, flavor: flavor, environment: environment).yaml()
        case .distribution: yaml = try DistributionSettings(file, environment: environment).yaml()
        }
    }

    /// distribution's files begin with their version, and have no flavours.
    private static func source(of file: SettingsFile) -> Source { file.hasText("version") ? .distribution : .dockerRegistry }
}

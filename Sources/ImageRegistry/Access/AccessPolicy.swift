public import ImageModel

/// What the operator's configuration says of rights, and of tags that stay; read for every request, because it can be reloaded.
public struct AccessPolicy: Sendable, Equatable {
    /// Whether public repositories may be pulled without credentials.
    public let allowsAnonymousPull: Bool
    /// Whether a repository that a push makes is private.
    public let makesPrivateRepositories: Bool
    /// Each grants; none takes away.
    public let rules: [AccessRule]
    /// Tags that cannot be moved or deleted once they are there.
    public let immutableTags: [TagPattern]

    public init(
        allowsAnonymousPull: Bool, makesPrivateRepositories: Bool, rules: [AccessRule] = [], immutableTags: [TagPattern] = []
    ) {
        self.allowsAnonymousPull = allowsAnonymousPull
        self.makesPrivateRepositories = makesPrivateRepositories
        self.rules = rules
        self.immutableTags = immutableTags
    }

    /// Without accounts: nothing is hidden.
    public static let open = AccessPolicy(allowsAnonymousPull: true, makesPrivateRepositories: false)
}

/// A rule of the configuration file: these may do that with those repositories.
public struct AccessRule: Sendable, Equatable {
    public enum Who: Hashable, Sendable {
        case named(String)
        /// Everybody who is logged in.
        case users
        /// Everybody at all.
        case anonymous
    }

    public let repositories: [RepositoryPattern]
    public let who: Set<Who>
    public let access: Access

    public init(repositories: [RepositoryPattern], who: Set<Who>, access: Access) {
        self.repositories = repositories
        self.who = who
        self.access = access
    }

    func concerns(_ caller: Caller) -> Bool {
        if who.contains(.anonymous) { return true }
        guard let name = caller.name else { return false }
        return who.contains(.users) || who.contains(.named(name))
    }
}

import ImageModel

extension Configuration {
    /// What v2 allows.
    struct Distribution: Sendable {
        /// Whether anything is served below `/v2/`.
        let isOn: Bool
        let deletion: Deletion
        let sparse: SparseManifests
        /// The image of an index for clients that know none.
        let platform: Platform

        struct Deletion: Sendable, Equatable {
            let tags: Bool
            let manifests: Bool
            let blobs: Bool
            let repositories: Bool
        }
    }

    /// What nobody may change, in either dialect. Counts anew at SIGHUP.
    struct Protection: Sendable, Equatable {
        let isReadOnly: Bool
        let immutableTags: [TagPattern]
    }

    /// How space comes back.
    struct Sweep: Sendable, Equatable {
        /// Nil: only by command.
        let interval: Duration?
        let grace: Duration
        let uploadLife: Duration
    }

    /// Whose tokens are taken in place of the server's own.
    struct TokenServer: Sendable {
        let realm: RealmURL
        let service: String
        let issuer: String
        /// A path: JWKS or PEM.
        let keys: String
    }
}

extension Configuration.Distribution {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        let (isWanted, role) = (try resolution.required(Settings.Distribution.isOn), try resolution.required(Settings.role))
        isOn = isWanted && role != .index && resolution.value(of: Settings.Accounts.authentication) != .index
        deletion = try Deletion(resolution)
        sparse = try resolution.required(Settings.Distribution.sparseManifests)
        platform = try resolution.required(Settings.Distribution.platform)
    }
}

extension Configuration.Distribution.Deletion {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        tags = try resolution.required(Settings.Distribution.deletesTags)
        manifests = try resolution.required(Settings.Distribution.deletesManifests)
        blobs = try resolution.required(Settings.Distribution.deletesBlobs)
        repositories = try resolution.required(Settings.Distribution.deletesRepositories)
    }
}

extension Configuration.Protection {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        isReadOnly = try resolution.required(Settings.Distribution.isReadOnly)
        immutableTags = resolution.value(of: Settings.Distribution.immutableTags) ?? []
    }

    /// The settings that a reload of it covers.
    static let keys: Set<SettingKey> = [Settings.Distribution.isReadOnly.key, Settings.Distribution.immutableTags.key]
}

extension Configuration.Sweep {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        let interval = try resolution.required(Settings.Sweep.interval)
        self.interval = interval == .zero ? nil : interval
        grace = try resolution.required(Settings.Sweep.grace)
        uploadLife = try resolution.required(Settings.Sweep.uploadLife)
    }
}

extension Configuration.TokenServer {
    /// Nil unless all of it is there, which `auth: token-server` sees to.
    init?(_ resolution: Resolution) {
        guard let realm = resolution.value(of: Settings.TokenServer.realm),
            let service = resolution.value(of: Settings.TokenServer.service),
            let issuer = resolution.value(of: Settings.TokenServer.issuer), let keys = resolution.value(of: Settings.TokenServer.keys)
        else { return nil }
        self.realm = realm
        self.service = service
        self.issuer = issuer
        self.keys = keys
    }
}

import RegistryClient

extension Configuration {
    /// HTTPS by the server itself. Files are named by their paths, because they are read anew on SIGHUP.
    struct TLS: Sendable {
        let certificate: String
        let key: String
        let minimumVersion: TLSVersion
        /// Nil: no client certificates.
        let clientCA: String?
        let clientCertificates: ClientCertificates
    }

    struct Tokens: Sendable {
        /// Of a token of v1, since its last use.
        let life: Duration
        /// Since it was made; not less than ``life``.
        let totalLife: Duration
        /// Nil: the catalog's own key.
        let keyFile: String?
        /// Of a token of v2.
        let accessLife: Duration
        /// Of a refresh token of v2.
        let refreshLife: Duration
        /// After which another key signs the tokens of v2.
        let keyLife: Duration
    }

    /// What an index and its registries know of each other.
    struct Index: Sendable {
        let url: ServiceURL?
        let timeout: Duration
        /// Empty: this server is the registry of every namespace.
        let registries: [RegistryEndpoint]
    }
}

extension Configuration.TLS {
    /// Nil without a certificate.
    init?(_ resolution: Resolution) throws(ConfigurationError) {
        guard let certificate = resolution.value(of: Settings.TLS.certificate), let key = resolution.value(of: Settings.TLS.key) else {
            return nil
        }
        self.certificate = certificate
        self.key = key
        minimumVersion = try resolution.required(Settings.TLS.minimumVersion)
        clientCA = resolution.value(of: Settings.TLS.clientCA)
        clientCertificates = try resolution.required(Settings.TLS.clientCertificates)
    }
}

extension Configuration.Tokens {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        life = try resolution.required(Settings.Tokens.life)
        totalLife = try resolution.required(Settings.Tokens.totalLife)
        keyFile = resolution.value(of: Settings.Tokens.keyFile)
        accessLife = try resolution.required(Settings.Tokens.accessLife)
        refreshLife = try resolution.required(Settings.Tokens.refreshLife)
        keyLife = try resolution.required(Settings.Tokens.keyLife)
    }
}

extension Configuration.Index {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        url = resolution.value(of: Settings.Index.url)
        timeout = try resolution.required(Settings.Index.timeout)
        registries = resolution.value(of: Settings.Index.registries) ?? []
    }
}

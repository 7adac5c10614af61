import ImageModel
import RegistryWire

extension Configuration {
    /// Who may use the server, and who says so.
    struct Accounts: Sendable {
        /// `none` also when nothing was written, which only loopback allows.
        let authentication: Authentication
        /// There with `auth: password_file`, and with nothing else.
        let passwordFile: String?
        /// Of the password file.
        let administrators: [String]
        let allowsAnonymousPull: Bool
        let newRepositories: Visibility
        let registration: Registration
        let activation: Activation
    }

    /// Whose connections are taken, and what they are believed.
    struct Network: Sendable {
        /// Nil: every address.
        let allowFrom: [AddressBlock]?
        let trustedProxies: [AddressBlock]
        /// Whether passwords are taken over plain HTTP from other machines.
        let allowsCleartextCredentials: Bool
        /// Who may read the metrics.
        let metricsFrom: [AddressBlock]
    }

    struct Mail: Sendable {
        let server: MailServerAddress
        /// Whether smtp:// has to change to TLS; of no meaning with smtps://.
        let requiresStartTLS: Bool
        let login: Login?
        let from: EmailAddress
        let linkLife: Duration

        struct Login: Sendable {
            let user: String
            let password: String
        }
    }
}

extension Configuration.Accounts {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        authentication = resolution.value(of: Settings.Accounts.authentication) ?? .none
        passwordFile = resolution.value(of: Settings.Accounts.passwordFile)
        administrators = resolution.value(of: Settings.Accounts.administrators) ?? []
        allowsAnonymousPull = try resolution.required(Settings.Accounts.anonymousPull)
        newRepositories = resolution.value(of: Settings.Accounts.newRepositories) ?? (authentication == .none ? .public : .private)
        registration = try resolution.required(Settings.Accounts.registration)
        activation =
            resolution.value(of: Settings.Accounts.activation) ?? (resolution.value(of: Settings.Mail.server) == nil ? .atOnce : .mail)
    }
}

extension Configuration.Network {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        allowFrom = resolution.value(of: Settings.Network.allowFrom)
        trustedProxies = resolution.value(of: Settings.Network.trustedProxies) ?? []
        allowsCleartextCredentials = try resolution.required(Settings.Network.cleartextCredentials)
        metricsFrom = try resolution.required(Settings.Network.metricsFrom)
    }
}

extension Configuration.Mail {
    /// Nil without a mail server.
    init?(_ resolution: Resolution) throws(ConfigurationError) {
        guard let server = resolution.value(of: Settings.Mail.server), let from = resolution.value(of: Settings.Mail.from) else {
            return nil
        }
        self.server = server
        self.from = from
        requiresStartTLS = try resolution.required(Settings.Mail.startTLS)
        if let user = resolution.value(of: Settings.Mail.user), let password = resolution.value(of: Settings.Mail.password) {
            login = Login(user: user, password: password)
        } else {
            login = nil
        }
        linkLife = try resolution.required(Settings.Mail.linkLife)
    }
}

import ImageRegistry
import Logging
import RegistryClient
import RegistryLog
import RegistryWire

/// Everything that the server was told, checked. Nothing else reads flags, environment or file.
struct Configuration: Sendable {
    let listen: ListenAddress
    /// A path, absolute or from the working directory.
    let data: String
    let role: Role
    let accounts: Accounts
    /// Of the file; each grants, and they take nothing away. They are what ``reloaded()`` gives anew.
    let rules: [AccessRule]
    let externalURL: ServiceURL?
    let network: Network
    /// Whether the server calls itself a mirror.
    let isMirror: Bool
    let distribution: Distribution
    /// What nobody may change. ``reloaded()`` gives it anew.
    let protection: Protection
    let sweep: Sweep
    let auditLog: AuditDestination
    /// Nil: plain HTTP.
    let tls: TLS?
    let tokens: Tokens
    /// There with `auth: token-server`, and with nothing else.
    let tokenServer: TokenServer?
    let index: Index
    /// Nil: no mails.
    let mail: Mail?
    let log: Log
    let limits: Limits
    let timeouts: Timeouts
    /// All of them as they were given, and how, to read them again.
    let resolution: Resolution

    /// - Throws: All that is wrong when the settings do not go together.
    init(_ resolution: Resolution) throws(ConfigurationError) {
        let contradictions = try resolution.contradictions()
        guard contradictions.isEmpty else { throw ConfigurationError(contradictions.map { .contradiction($0) }) }
        listen = try resolution.required(Settings.listen)
        data = try resolution.required(Settings.data)
        role = try resolution.required(Settings.role)
        accounts = try Accounts(resolution)
        rules = resolution.rules.resolved
        externalURL = resolution.value(of: Settings.externalURL)
        network = try Network(resolution)
        isMirror = try resolution.required(Settings.mirror)
        distribution = try Distribution(resolution)
        protection = try Protection(resolution)
        sweep = try Sweep(resolution)
        auditLog = resolution.auditLog(data: data)
        tls = try TLS(resolution)
        tokens = try Tokens(resolution)
        tokenServer = TokenServer(resolution)
        index = try Index(resolution)
        mail = try Mail(resolution)
        log = Log(level: try resolution.required(Settings.logLevel), format: try resolution.required(Settings.logFormat))
        limits = try Limits(resolution)
        timeouts = try Timeouts(resolution)
        self.resolution = resolution
    }
}

extension Resolution {
    /// - Parameter data: The data folder, in which the audit log is unless somebody says otherwise.
    func auditLog(data: String) -> AuditDestination {
        value(of: Settings.auditLog) ?? .file("\(data)/audit.log")
    }
}

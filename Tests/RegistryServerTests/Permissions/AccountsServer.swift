import Credentials
import Database
import DatabaseSQLite
import HTTPTransport
import ImageModel
import ImageRegistry
import Logging
import NIOConcurrencyHelpers
import NIOCore
import RegistryLog
import RegistryServer
import RegistryTesting
import RegistryWire
import Storage
import Testing

/// A server with accounts on a free port of loopback, over a catalog that may be there already.
struct AccountsServer: Sendable {
    /// What a test sets otherwise than usual.
    struct Options: Sendable {
        var now: @Sendable () -> Int64 = { TestServer.now }
        var allowsAnonymousPull = true
        var rules: [AccessRule] = []
        var immutableTags: [TagPattern] = []
        var authority = AccessConfiguration.Authority.accounts
        var role = AccessConfiguration.Role.all
        var admission = Registration.Admission.open
        var externalHost: String?
        var servesDistribution = true
        var isReadOnly = false
        var deletesTags = true
        var deletesManifests = true
        var deletesBlobs = true
        var deletesRepositories = true
        var openUploads = 1000
        var pageSize = 10_000
        /// Bytes of the largest image config that is read for a conversion.
        var configSize = 4 << 20
        /// Whom metrics are shown to.
        var metricsFrom = ["127.0.0.0/8"]
        var tokenKey = AccountsServer.tokenKey
        var auditLog = AuditLog.off
        var checker = AccountsServer.checker()
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }

    let port: Int
    let database: any SQLDatabase
    let registry: Registry
    /// The mails that were sent, first to last.
    let mails: NIOLockedValueBox<[ConfirmationMail]>

    /// Costs as little as a derivation can.
    static let logarithm = PasswordHash.logarithms.lowerBound
    static let decoy = StoredPassword.scrypt(.decoy(logarithm: logarithm))
    static let tokenKey = Array("the key of tests, 32 bytes long..".utf8)

    static func checker() -> PasswordChecker { PasswordChecker(derivations: 2, decoy: decoy) }

    static func hash(_ password: String) throws -> PasswordHash { try PasswordHash.derive(password, logarithm: logarithm) }

    static func lend<Value: Sendable>(
        catalog: String, store: any ObjectStore = MemoryStore(), options: Options = Options(),
        _ body: @escaping @Sendable (AccountsServer) async throws -> Value
    ) async throws -> Value {
        let database = try SQLiteDatabase(path: catalog)
        let policy = AccessPolicy(
            allowsAnonymousPull: options.allowsAnonymousPull, makesPrivateRepositories: true, rules: options.rules,
            immutableTags: options.immutableTags)
        let limits = RegistryLimits(
            layerSize: TestServer.limits.layerSize, uncompressedLayerSize: TestServer.limits.uncompressedLayerSize,
            ancestryLength: TestServer.limits.ancestryLength, openUploads: options.openUploads)
        let registry = Registry(
            database: database, store: store, limits: limits, faces: FaceSettings(configSize: options.configSize), policy: { policy },
            now: options.now)
        try await registry.prepare()
        let mails = NIOLockedValueBox<[ConfirmationMail]>([])
        let access = AccessConfiguration(
            authority: options.authority, role: options.role, tokenKey: options.tokenKey, checker: options.checker,
            throttle: LoginThrottle(freeFailures: 1_000_000, maximumDelay: .zero),
            registration: Registration(
                admission: options.admission,
                activation: .mail(
                    { mail in mails.withLockedValue { $0.append(mail) } }, linkLife: 86_400, externalURL: "https://registry.test")))
        let configuration = ServerConfiguration(
            program: "wharf test", externalHost: options.externalHost, standalone: .false, imageDocumentSize: 1024, requestBodySize: 4096,
            imagesPerList: 8, fileListings: 2,
            distribution: options.servesDistribution ? ServerConfiguration.Distribution(pageSize: options.pageSize) : nil,
            deletion: ServerConfiguration.Deletion(
                tags: options.deletesTags, manifests: options.deletesManifests, blobs: options.deletesBlobs,
                repositories: options.deletesRepositories), isReadOnly: { options.isReadOnly },
            metricsFrom: try options.metricsFrom.map { try #require(AddressBlock($0)) })
        let logger = options.logger
        let server = try Server(
            registry: registry, configuration: configuration, access: access, auditLog: options.auditLog, logger: logger)
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let transport = HTTPServer(
            configuration: TransportConfiguration(shutdownDeadline: .seconds(5)),
            handler: { await server.respond(to: $0, context: $1) },
            immediate: { server.immediate($0) },
            refusal: { server.refuse($0) },
            onRunning: { address in announce.yield(address.port ?? 0) },
            logger: logger)
        let value = try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await transport.run()
                return nil
            }
            group.addTask {
                for await port in ports {
                    return try await body(AccountsServer(port: port, database: database, registry: registry, mails: mails))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let finished { return finished }
            }
            throw CancellationError()
        }
        try database.close()
        return value
    }
}

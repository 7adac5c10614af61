import Credentials
import Database
import DatabaseSQLite
import HTTPTransport
import ImageRegistry
import Logging
import NIOCore
import RegistryLog
import RegistryServer
import RegistryTesting
import Storage

/// A server on a free port of loopback, with a store in memory and a catalog in a temporary file, for one test.
enum TestServer {
    /// The time by the server's clock: 13 May 2014.
    static let now: Int64 = 1_400_000_000

    static let limits = RegistryLimits(layerSize: 1 << 20, uncompressedLayerSize: 4 << 20, ancestryLength: 4)
    static let configuration = ServerConfiguration(
        program: "wharf test", externalHost: nil, standalone: .true, imageDocumentSize: 1024, requestBodySize: 4096, imagesPerList: 3,
        fileListings: 2)

    /// A key for tokens, of no value.
    static let tokenKey = [UInt8](repeating: 7, count: 32)
    static let checker = PasswordChecker(derivations: 2, decoy: .scrypt(.decoy(logarithm: 10)))
    static let throttle = LoginThrottle(freeFailures: 1000, maximumDelay: .zero)
    /// Without accounts.
    static let open = AccessConfiguration(authority: .none, tokenKey: tokenKey, checker: checker, throttle: throttle)
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func lend<Value: Sendable>(
        store: any ObjectStore = MemoryStore(), configuration: ServerConfiguration = configuration,
        policy: @escaping @Sendable () -> AccessPolicy = { .open }, now: @escaping @Sendable () -> Int64 = { now },
        access: AccessConfiguration = open, auditLog: AuditLog = .off, logger: Logger = quiet,
        prepare: @escaping @Sendable (Registry) async throws -> Void = { _ in },
        _ body: @escaping @Sendable (_ port: Int, _ database: any SQLDatabase) async throws -> Value
    ) async throws -> Value {
        try await TemporaryFolder.lend { folder in
            let database = try SQLiteDatabase(path: "\(folder)/catalog.sqlite")
            let registry = Registry(database: database, store: store, limits: limits, policy: policy, now: now)
            try await registry.prepare()
            try await prepare(registry)
            let server = try Server(
                registry: registry, configuration: configuration, access: access, auditLog: auditLog, logger: logger)
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
                    for await port in ports { return try await body(port, database) }
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
}

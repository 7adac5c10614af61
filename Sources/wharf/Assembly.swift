import Credentials
import DatabaseSQLite
import Foundation
import HTTPTransport
import ImageRegistry
import Logging
import NIOPosix
import RegistryClient
import RegistryLog
import RegistryMetrics
import RegistryServer
import ServiceLifecycle
import StorageFile
import UnixSignals

/// Puts the parts together, from what was configured to what runs; the only place that knows which drivers there are.
enum Assembly {
    /// Serves until the process is told to stop.
    ///
    /// - Throws: what keeps the server from starting: the data folder, the catalog, a file of the configuration, the address.
    static func serve(_ configuration: Configuration) async throws {
        let sink = LogSink(format: configuration.log.format)
        defer { sink.flush() }
        LoggingSystem.bootstrap { SinkLogHandler(label: $0, sink: sink, level: configuration.log.level) }
        let logger = Logger(label: "wharf")
        for warning in configuration.warnings { logger.warning("\(warning)") }

        OpenFiles.allowAll()
        let reloadable = try await Reloadable(configuration, logger: logger)
        let store = try FileStore(root: "\(configuration.data)/objects", threads: .singleton)
        let database = try SQLiteDatabase(path: "\(configuration.data)/catalog.sqlite")
        defer { try? database.close() }
        let metrics = MetricsRegistry(version: Release.version)
        let registry = Registry(
            database: MeasuredDatabase(database, metrics: metrics) { $0 is RegistryError },
            store: MeasuredStore(store, metrics: metrics),
            limits: RegistryLimits(configuration.limits, sparse: configuration.distribution.sparse, sweep: configuration.sweep),
            faces: FaceSettings(configuration.limits, platform: configuration.distribution.platform),
            policy: { reloadable.policy },
            now: { Int64(Date().timeIntervalSince1970) })
        try await registry.prepare()
        let orphans = try await store.removeOrphans()
        if orphans > 0 { logger.info("removed files of uploads that a killed process left behind", metadata: ["count": "\(orphans)"]) }

        let auditLog = try AuditLog.writing(to: configuration.auditLog, logger: logger)
        let index = configuration.indexClient
        let access = AccessConfiguration(
            configuration, reloadable: reloadable, index: index, tokenKey: try await configuration.tokenKey(orElse: registry))
        let server = try Server(
            registry: registry, configuration: ServerConfiguration(configuration) { reloadable.isReadOnly }, access: access,
            auditLog: auditLog, metrics: metrics, logger: logger)
        let hasUsers = try await registry.hasUsers()
        let accessLog = AccessLog(sink: sink, level: configuration.log.level)
        let transport = HTTPServer(
            configuration: TransportConfiguration(configuration, tls: reloadable.tls),
            handler: { await server.respond(to: $0, context: $1) },
            immediate: { server.immediate($0) },
            completed: {
                accessLog.record(AccessLogLine($0))
                metrics.record($0)
            },
            refusal: { server.refuse($0) },
            onRunning: { address in Announcement.print(address: address, configuration: configuration, hasUsers: hasUsers) },
            logger: logger)
        let reloading = Reloading(reloadable, auditLog: auditLog, logger: logger) { server.configurationHasChanged() }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [reloading, transport] + Sweeping.services(configuration, registry, reloadable, logger: logger),
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        let impatience = Impatience(sink: sink)
        defer { impatience.end() }
        do {
            try await group.run()
        } catch {
            try await index?.shutdown()
            throw error
        }
        try await index?.shutdown()
        logger.info("stopped")
    }
}

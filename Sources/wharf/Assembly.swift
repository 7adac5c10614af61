import DatabaseSQLite
import Foundation
import HTTPTransport
import HTTPTypes
import Credentials
import ImageRegistry
import Logging
import NIOCore
import NIOPosix
import RegistryLog
import RegistryServer
import ServiceLifecycle
import StorageFile
import UnixSignals

/// Puts the parts together, from what was configured to what runs; the only place that knows which drivers there are.
enum Assembly {
    /// Serves until the process is told to stop.
    ///
    /// - Throws: what keeps the server from starting: the data folder, the catalog, the address.
    static func serve(_ configuration: Configuration) async throws {
        let sink = LogSink(format: configuration.log.format)
        defer { sink.flush() }
        LoggingSystem.bootstrap { SinkLogHandler(label: $0, sink: sink, level: configuration.log.level) }
        let logger = Logger(label: "wharf")

        OpenFiles.allowAll()
        let store = try FileStore(root: "\(configuration.data)/objects", threads: .singleton)
        let database = try SQLiteDatabase(path: "\(configuration.data)/catalog.sqlite")
        defer { try? database.close() }
        let registry = Registry(
            database: database, store: store, limits: RegistryLimits(configuration.limits), now: { Int64(Date().timeIntervalSince1970) })
        try await registry.prepare()
        let orphans = try await store.removeOrphans()
        if orphans > 0 { logger.info("removed files of uploads that a killed process left behind", metadata: ["count": "\(orphans)"]) }

        let access = AccessConfiguration(
            authority: .none, tokenKey: try await registry.secret("token key"), checker: PasswordChecker(derivations: 2),
            throttle: LoginThrottle(freeFailures: 5, maximumDelay: .seconds(10)))
        guard
            let server = Server(
                registry: registry, configuration: ServerConfiguration(configuration), access: access, auditLog: .off, logger: logger)
        else { preconditionFailure("the key for tokens is too short") }
        let accessLog = AccessLog(sink: sink, level: configuration.log.level)
        let transport = HTTPServer(
            configuration: TransportConfiguration(configuration),
            handler: { await server.respond(to: $0, context: $1) },
            immediate: { server.immediate($0) },
            completed: { accessLog.record(AccessLogLine($0)) },
            refusal: { server.refuse($0) },
            onRunning: { address in Announcement.print(address: address, configuration: configuration) },
            logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [transport], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        let impatience = Impatience(sink: sink)
        defer { impatience.end() }
        try await group.run()
        logger.info("stopped")
    }
}

extension RegistryLimits {
    init(_ limits: Configuration.Limits) {
        self.init(
            layerSize: Int64(limits.layerSize), uncompressedLayerSize: Int64(limits.uncompressedLayerSize), ancestryLength: limits.ancestry)
    }
}

extension ServerConfiguration {
    init(_ configuration: Configuration) {
        self.init(
            program: "wharf \(Release.version)", externalHost: configuration.externalURL?.authority, standalone: .true,
            imageDocumentSize: configuration.limits.imageJSONSize, requestBodySize: configuration.limits.requestBodySize,
            imagesPerList: configuration.limits.imagesPerList)
    }
}

extension TransportConfiguration {
    init(_ configuration: Configuration) {
        self.init(
            host: configuration.listen.host, port: configuration.listen.port, serverName: "wharf",
            maximumHeaderBytes: configuration.limits.headerSize, maximumConnections: configuration.limits.connections,
            idleTimeout: configuration.timeouts.idle, stallTimeout: configuration.timeouts.stalled,
            shutdownDeadline: configuration.timeouts.shutdown)
    }
}

extension AccessLogLine {
    init(_ request: CompletedRequest) {
        self.init(
            id: request.id.description, method: request.method?.rawValue ?? "-", path: String(request.path.prefix { $0 != "?" }),
            status: request.status, bytesIn: Int(request.bodyBytesIn), bytesOut: Int(request.bodyBytesOut), duration: request.duration,
            remoteAddress: request.remoteAddress.map(Self.text) ?? "-", userAgent: request.userAgent ?? "")
    }

    private static func text(_ address: SocketAddress) -> String {
        "\(address.ipAddress ?? "-"):\(address.port ?? 0)"
    }
}

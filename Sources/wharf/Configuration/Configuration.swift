import Logging
import RegistryLog

/// Everything that the server was told, checked. Nothing else reads flags, environment or file.
struct Configuration: Sendable {
    struct Log: Sendable {
        let level: Logger.Level
        let format: LogFormat
    }

    /// Bytes or numbers of things; no limit is `Int.max`.
    struct Limits: Sendable {
        let layerSize: Int
        let uncompressedLayerSize: Int
        let imageJSONSize: Int
        let requestBodySize: Int
        let imagesPerList: Int
        let ancestry: Int
        let headerSize: Int
        let connections: Int
    }

    struct Timeouts: Sendable {
        let idle: Duration
        let stalled: Duration
        let shutdown: Duration
    }

    let listen: ListenAddress
    /// A path, absolute or from the working directory.
    let data: String
    /// What was written; nil stands for `none` on loopback.
    let authentication: Authentication?
    let externalURL: ExternalURL?
    let log: Log
    let limits: Limits
    let timeouts: Timeouts

    /// - Throws: When the settings do not go together.
    init(_ resolution: Resolution) throws(ConfigurationError) {
        listen = try resolution.required(Settings.listen)
        data = try resolution.required(Settings.data)
        authentication = resolution.value(of: Settings.authentication)
        externalURL = resolution.value(of: Settings.externalURL)
        log = Log(level: try resolution.required(Settings.logLevel), format: try resolution.required(Settings.logFormat))
        limits = try Limits(resolution)
        timeouts = try Timeouts(resolution)
        if authentication == nil, !listen.isLoopback {
            throw ConfigurationError([.openWithoutAuthentication(listen)])
        }
    }
}

extension Configuration.Limits {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        layerSize = try resolution.required(Settings.Limit.layerSize)
        uncompressedLayerSize = try resolution.required(Settings.Limit.uncompressedLayerSize)
        imageJSONSize = try resolution.required(Settings.Limit.imageJSONSize)
        requestBodySize = try resolution.required(Settings.Limit.requestBodySize)
        imagesPerList = try resolution.required(Settings.Limit.imagesPerList)
        ancestry = try resolution.required(Settings.Limit.ancestry)
        headerSize = try resolution.required(Settings.Limit.headerSize)
        connections = try resolution.required(Settings.Limit.connections)
    }
}

extension Configuration.Timeouts {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        idle = try resolution.required(Settings.Timeout.idle)
        stalled = try resolution.required(Settings.Timeout.stalled)
        shutdown = try resolution.required(Settings.Timeout.shutdown)
    }
}

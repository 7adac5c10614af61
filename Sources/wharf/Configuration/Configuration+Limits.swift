import Logging
import RegistryLog

extension Configuration {
    struct Log: Sendable {
        let level: Logger.Level
        let format: LogFormat
    }

    /// Bytes or numbers of things; no limit is `Int.max`.
    struct Limits: Sendable {
        let layerSize: Int
        let uncompressedLayerSize: Int
        let imageJSONSize: Int
        let manifestSize: Int
        let manifestReferences: Int
        let imageConfigSize: Int
        let derivations: Int
        let tagsPerManifest: Int
        /// Of one repository.
        let openUploads: Int
        let pageSize: Int
        let requestBodySize: Int
        let imagesPerList: Int
        let ancestry: Int
        let headerSize: Int
        let connections: Int
        let passwordDerivations: Int
        let loginFailures: Int
        let fileListings: Int
    }

    struct Timeouts: Sendable {
        let idle: Duration
        let stalled: Duration
        let shutdown: Duration
    }
}

extension Configuration.Limits {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        layerSize = try resolution.required(Settings.Limit.layerSize)
        uncompressedLayerSize = try resolution.required(Settings.Limit.uncompressedLayerSize)
        imageJSONSize = try resolution.required(Settings.Limit.imageJSONSize)
        manifestSize = try resolution.required(Settings.Limit.manifestSize)
        manifestReferences = try resolution.required(Settings.Limit.manifestReferences)
        imageConfigSize = try resolution.required(Settings.Limit.imageConfigSize)
        derivations = try resolution.required(Settings.Limit.derivations)
        tagsPerManifest = try resolution.required(Settings.Limit.tagsPerManifest)
        openUploads = try resolution.required(Settings.Limit.openUploads)
        pageSize = try resolution.required(Settings.Limit.pageSize)
        requestBodySize = try resolution.required(Settings.Limit.requestBodySize)
        imagesPerList = try resolution.required(Settings.Limit.imagesPerList)
        ancestry = try resolution.required(Settings.Limit.ancestry)
        headerSize = try resolution.required(Settings.Limit.headerSize)
        connections = try resolution.required(Settings.Limit.connections)
        passwordDerivations = try resolution.required(Settings.Limit.passwordDerivations)
        loginFailures = try resolution.required(Settings.Limit.loginFailures)
        fileListings = try resolution.required(Settings.Limit.fileListings)
    }
}

extension Configuration.Timeouts {
    init(_ resolution: Resolution) throws(ConfigurationError) {
        idle = try resolution.required(Settings.Timeout.idle)
        stalled = try resolution.required(Settings.Timeout.stalled)
        shutdown = try resolution.required(Settings.Timeout.shutdown)
    }
}

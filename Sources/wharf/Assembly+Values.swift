import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import Logging
import NIOCore
import RegistryClient
import RegistryLog
import RegistryMetrics
import RegistryServer
import RegistryWire

// What was configured, in the words of the parts.

extension RegistryLimits {
    init(_ limits: Configuration.Limits, sparse: SparseManifests, sweep: Configuration.Sweep) {
        self.init(
            layerSize: Int64(limits.layerSize), uncompressedLayerSize: Int64(limits.uncompressedLayerSize), ancestryLength: limits.ancestry,
            openUploads: limits.openUploads, manifestReferences: limits.manifestReferences, sparse: Sparse(sparse),
            grace: sweep.grace.components.seconds)
    }
}

extension FaceSettings {
    init(_ limits: Configuration.Limits, platform: Platform) {
        self.init(platform: platform, configSize: limits.imageConfigSize, atOnce: limits.derivations)
    }
}

extension RegistryLimits.Sparse {
    fileprivate init(_ sparse: SparseManifests) {
        switch sparse {
        case .refuse: self = .refuse
        case .index: self = .index
        case .any: self = .any
        }
    }
}

extension SweepOptions {
    init(_ sweep: Configuration.Sweep) {
        self.init(grace: sweep.grace.components.seconds, uploadLife: sweep.uploadLife.components.seconds)
    }
}

extension AccessPolicy {
    init(_ configuration: Configuration, rules: [AccessRule], protection: Configuration.Protection) {
        self.init(
            allowsAnonymousPull: configuration.accounts.allowsAnonymousPull,
            makesPrivateRepositories: configuration.accounts.newRepositories == .private, rules: rules,
            immutableTags: protection.immutableTags)
    }
}

extension ServerConfiguration {
    init(_ configuration: Configuration, isReadOnly: @escaping @Sendable () -> Bool) {
        let hasTokens = configuration.accounts.authentication != .none || configuration.tls != nil
        self.init(
            program: "wharf \(Release.version)", externalHost: configuration.externalURL?.authority.text,
            externalURL: configuration.externalURL.map { "\($0)" },
            standalone: configuration.isMirror ? .mirror : hasTokens ? .false : .true,
            endpoints: configuration.index.registries.sorted { $0.namespace != nil && $1.namespace == nil }.map {
                Endpoint(namespace: $0.namespace, host: $0.authority)
            },
            imageDocumentSize: configuration.limits.imageJSONSize, requestBodySize: configuration.limits.requestBodySize,
            imagesPerList: configuration.limits.imagesPerList, fileListings: configuration.limits.fileListings,
            distribution: configuration.distribution.isOn ? Distribution(configuration.limits) : nil,
            deletion: Deletion(configuration.distribution.deletion), isReadOnly: isReadOnly, metricsFrom: configuration.network.metricsFrom)
    }
}

extension ServerConfiguration.Distribution {
    fileprivate init(_ limits: Configuration.Limits) {
        self.init(
            manifestSize: limits.manifestSize, manifestReferences: limits.manifestReferences, tagsPerManifest: limits.tagsPerManifest,
            pageSize: limits.pageSize)
    }
}

extension ServerConfiguration.Deletion {
    fileprivate init(_ deletion: Configuration.Distribution.Deletion) {
        self.init(tags: deletion.tags, manifests: deletion.manifests, blobs: deletion.blobs, repositories: deletion.repositories)
    }
}

extension MetricsRegistry {
    func record(_ request: CompletedRequest) {
        let duration = request.duration.components
        recordRequest(
            route: request.label, method: request.method?.rawValue ?? "-", status: request.status,
            seconds: Double(duration.seconds) + Double(duration.attoseconds) * 1e-18, bytesIn: request.bodyBytesIn,
            bytesOut: request.bodyBytesOut)
    }
}

extension TransportConfiguration {
    init(_ configuration: Configuration, tls: ServerTLS?) {
        self.init(
            host: configuration.listen.host, port: configuration.listen.port, tls: tls, serverName: "wharf",
            maximumHeaderBytes: configuration.limits.headerSize, maximumConnections: configuration.limits.connections,
            idleTimeout: configuration.timeouts.idle, stallTimeout: configuration.timeouts.stalled,
            shutdownDeadline: configuration.timeouts.shutdown)
    }
}

extension AuditLog {
    /// - Throws: `AuditLog.Failure`.
    static func writing(to destination: AuditDestination, logger: Logger) throws -> AuditLog {
        switch destination {
        case .off: .off
        case .standardError: .standardError
        case .file(let path): try AuditLog(path: path) { logger.error("audit log: \($0)") }
        }
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

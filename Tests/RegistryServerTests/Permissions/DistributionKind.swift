import ImageModel
import RegistryWire

/// Every route of the OCI Distribution dialect, without what its path names; see ``RouteKind``.
enum DistributionKind: String, CaseIterable, Sendable {
    case ping
    case manifest, putManifest, deleteTag, deleteManifest
    case blob, deleteBlob
    case startUpload, upload, appendUpload, finishUpload, cancelUpload
    case tags, referrers, catalog, deleteRepository
    case token, tokenGrant, tokenKeys

    init(_ route: DistributionRoute) {
        self =
            switch route {
            case .ping: .ping
            case .manifest: .manifest
            case .putManifest: .putManifest
            case .deleteTag: .deleteTag
            case .deleteManifest: .deleteManifest
            case .blob: .blob
            case .deleteBlob: .deleteBlob
            case .startUpload: .startUpload
            case .upload: .upload
            case .appendUpload: .appendUpload
            case .finishUpload: .finishUpload
            case .cancelUpload: .cancelUpload
            case .tags: .tags
            case .referrers: .referrers
            case .catalog: .catalog
            case .deleteRepository: .deleteRepository
            case .token: .token
            case .tokenGrant: .tokenGrant
            case .tokenKeys: .tokenKeys
            }
    }

    /// The route of this kind to a repository, a manifest of it by tag or digest, a digest and an upload.
    func route(_ name: RepositoryName, _ reference: Reference, _ digest: Digest, _ upload: UploadID) -> DistributionRoute {
        switch self {
        case .ping: .ping
        case .manifest: .manifest(name, reference)
        case .putManifest: .putManifest(name, reference)
        case .deleteTag: if case .tag(let tag) = reference { .deleteTag(name, tag) } else { .deleteTag(name, .latest) }
        case .deleteManifest: .deleteManifest(name, digest)
        case .blob: .blob(name, digest)
        case .deleteBlob: .deleteBlob(name, digest)
        case .startUpload: .startUpload(name)
        case .upload: .upload(name, upload)
        case .appendUpload: .appendUpload(name, upload)
        case .finishUpload: .finishUpload(name, upload)
        case .cancelUpload: .cancelUpload(name, upload)
        case .tags: .tags(name)
        case .referrers: .referrers(name, digest)
        case .catalog: .catalog
        case .deleteRepository: .deleteRepository(name)
        case .token: .token
        case .tokenGrant: .tokenGrant
        case .tokenKeys: .tokenKeys
        }
    }

    /// Whether the route's path names a repository.
    var namesRepository: Bool {
        switch self {
        case .ping, .catalog, .token, .tokenGrant, .tokenKeys: false
        case .manifest, .putManifest, .deleteTag, .deleteManifest, .blob, .deleteBlob, .startUpload, .upload, .appendUpload,
            .finishUpload, .cancelUpload, .tags, .referrers, .deleteRepository:
            true
        }
    }

    /// Whether the route changes what is stored for others to see.
    var changes: Bool {
        switch self {
        case .ping, .manifest, .blob, .upload, .tags, .referrers, .catalog, .token, .tokenGrant, .tokenKeys: false
        case .putManifest, .deleteTag, .deleteManifest, .deleteBlob, .startUpload, .appendUpload, .finishUpload, .cancelUpload,
            .deleteRepository:
            true
        }
    }
}

/// The routes for those who run the server.
enum OperationsKind: String, CaseIterable, Sendable {
    case metrics, live, ready

    init(_ route: OperationsRoute) {
        self =
            switch route {
            case .metrics: .metrics
            case .live: .live
            case .ready: .ready
            }
    }

    var path: String {
        switch self {
        case .metrics: "/metrics"
        case .live: "/healthz"
        case .ready: "/readyz"
        }
    }
}

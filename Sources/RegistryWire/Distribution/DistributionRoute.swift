public import ImageModel

/// A request under `/v2/` (OCI Distribution, "Endpoints"; Docker's token specification for the last three).
public enum DistributionRoute: Hashable, Sendable {
    case ping
    case manifest(RepositoryName, Reference)
    case putManifest(RepositoryName, Reference)
    case deleteTag(RepositoryName, Tag)
    case deleteManifest(RepositoryName, Digest)
    case blob(RepositoryName, Digest)
    case deleteBlob(RepositoryName, Digest)
    case startUpload(RepositoryName)
    case upload(RepositoryName, UploadID)
    case appendUpload(RepositoryName, UploadID)
    case finishUpload(RepositoryName, UploadID)
    case cancelUpload(RepositoryName, UploadID)
    case tags(RepositoryName)
    case referrers(RepositoryName, Digest)
    case catalog
    case deleteRepository(RepositoryName)
    case token
    case tokenGrant
    case tokenKeys

    public var method: Method {
        switch self {
        case .ping, .manifest, .blob, .upload, .tags, .referrers, .catalog, .token, .tokenKeys: .get
        case .putManifest, .finishUpload: .put
        case .startUpload, .tokenGrant: .post
        case .appendUpload: .patch
        case .deleteTag, .deleteManifest, .deleteBlob, .cancelUpload, .deleteRepository: .delete
        }
    }

    /// The path that ``look(up:_:)`` reads back as this route, with the name as people see it.
    public var path: String {
        switch self {
        case .ping: "/v2/"
        case .manifest(let name, let reference), .putManifest(let name, let reference): "/v2/\(name.shown)/manifests/\(reference)"
        case .deleteTag(let name, let tag): "/v2/\(name.shown)/manifests/\(tag)"
        case .deleteManifest(let name, let digest): "/v2/\(name.shown)/manifests/\(digest)"
        case .blob(let name, let digest), .deleteBlob(let name, let digest): "/v2/\(name.shown)/blobs/\(digest)"
        case .startUpload(let name): "/v2/\(name.shown)/blobs/uploads/"
        case .upload(let name, let id), .appendUpload(let name, let id), .finishUpload(let name, let id), .cancelUpload(let name, let id):
            "/v2/\(name.shown)/blobs/uploads/\(id)"
        case .tags(let name): "/v2/\(name.shown)/tags/list"
        case .referrers(let name, let digest): "/v2/\(name.shown)/referrers/\(digest)"
        case .catalog: "/v2/_catalog"
        case .deleteRepository(let name): "/v2/\(name.shown)/"
        case .token, .tokenGrant: "/v2/token"
        case .tokenKeys: "/v2/token/keys"
        }
    }

    /// The route's name in metrics and in the audit log.
    public var label: String {
        switch self {
        case .ping: "ping"
        case .manifest: "manifest"
        case .putManifest: "putManifest"
        case .deleteTag: "deleteTag"
        case .deleteManifest: "deleteManifest"
        case .blob: "blob"
        case .deleteBlob: "deleteBlob"
        case .startUpload: "startUpload"
        case .upload: "upload"
        case .appendUpload: "appendUpload"
        case .finishUpload: "finishUpload"
        case .cancelUpload: "cancelUpload"
        case .tags: "tags"
        case .referrers: "referrers"
        case .catalog: "catalog"
        case .deleteRepository: "deleteRepository"
        case .token: "token"
        case .tokenGrant: "tokenGrant"
        case .tokenKeys: "tokenKeys"
        }
    }

    /// Whether it changes what the registry holds, so that a read-only one refuses it. Tokens are none of that.
    public var isMutating: Bool {
        switch self {
        case .putManifest, .deleteTag, .deleteManifest, .deleteBlob, .startUpload, .appendUpload, .finishUpload, .cancelUpload,
            .deleteRepository:
            true
        case .ping, .manifest, .blob, .upload, .tags, .referrers, .catalog, .token, .tokenGrant, .tokenKeys: false
        }
    }

    /// The repository that the path names; nil for the routes of the registry as a whole.
    public var repository: RepositoryName? {
        switch self {
        case .manifest(let name, _), .putManifest(let name, _), .deleteTag(let name, _), .deleteManifest(let name, _), .blob(let name, _),
            .deleteBlob(let name, _), .startUpload(let name), .upload(let name, _), .appendUpload(let name, _),
            .finishUpload(let name, _), .cancelUpload(let name, _), .tags(let name), .referrers(let name, _),
            .deleteRepository(let name):
            name
        case .ping, .catalog, .token, .tokenGrant, .tokenKeys: nil
        }
    }
}

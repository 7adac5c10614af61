public import ImageModel

/// The registry's half of the v1 protocol: images, tags, repositories as stored (Registry API v1, "Endpoints"; v1.md §2.1, 2.4, 2.5).
public enum ImagesV1Route: Hashable, Sendable {
    case root
    case ping
    case status
    case document(ImageID)
    case putDocument(ImageID)
    case layer(ImageID)
    case putLayer(ImageID)
    case putChecksum(ImageID)
    case ancestry(ImageID)
    case files(ImageID)
    case diff(ImageID)
    case tags(RepositoryName)
    case deleteTags(RepositoryName)
    case tag(RepositoryName, Tag)
    case putTag(RepositoryName, Tag)
    case deleteTag(RepositoryName, Tag)
    case tagDetails(RepositoryName, Tag)
    case repositoryDetails(RepositoryName)
    case properties(RepositoryName)
    case putProperties(RepositoryName)
    case deleteRepository(RepositoryName)

    public var method: Method {
        switch self {
        case .root, .ping, .status, .document, .layer, .ancestry, .files, .diff, .tags, .tag, .tagDetails, .repositoryDetails, .properties:
            .get
        case .putDocument, .putLayer, .putChecksum, .putTag, .putProperties: .put
        case .deleteTags, .deleteTag, .deleteRepository: .delete
        }
    }

    public var path: String {
        switch self {
        case .root: "/"
        case .ping: "/v1/_ping"
        case .status: "/v1/_status"
        case .document(let id), .putDocument(let id): "/v1/images/\(id)/json"
        case .layer(let id), .putLayer(let id): "/v1/images/\(id)/layer"
        case .putChecksum(let id): "/v1/images/\(id)/checksum"
        case .ancestry(let id): "/v1/images/\(id)/ancestry"
        case .files(let id): "/v1/images/\(id)/files"
        case .diff(let id): "/v1/images/\(id)/diff"
        case .tags(let name), .deleteTags(let name): "/v1/repositories/\(name)/tags"
        case .tag(let name, let tag), .putTag(let name, let tag), .deleteTag(let name, let tag): "/v1/repositories/\(name)/tags/\(tag)"
        case .tagDetails(let name, let tag): "/v1/repositories/\(name)/tags/\(tag)/json"
        case .repositoryDetails(let name): "/v1/repositories/\(name)/json"
        case .properties(let name), .putProperties(let name): "/v1/repositories/\(name)/properties"
        case .deleteRepository(let name): "/v1/repositories/\(name)/"
        }
    }

    /// The route's name in metrics.
    var label: String {
        switch self {
        case .root: "root"
        case .ping: "ping"
        case .status: "status"
        case .document: "document"
        case .putDocument: "putDocument"
        case .layer: "layer"
        case .putLayer: "putLayer"
        case .putChecksum: "putChecksum"
        case .ancestry: "ancestry"
        case .files: "files"
        case .diff: "diff"
        case .tags: "tags"
        case .deleteTags: "deleteTags"
        case .tag: "tag"
        case .putTag: "putTag"
        case .deleteTag: "deleteTag"
        case .tagDetails: "tagDetails"
        case .repositoryDetails: "repositoryDetails"
        case .properties: "properties"
        case .putProperties: "putProperties"
        case .deleteRepository: "deleteRepository"
        }
    }

    /// The routes whose path is `components`, after `v1`; those of repositories excepted.
    static func routes(of components: ArraySlice<String>) throws(PathRefusal) -> [ImagesV1Route] {
        switch components.count {
        case 1 where components.first == "_ping": return [.ping]
        case 1 where components.first == "_status": return [.status]
        case 3 where components.first == "images":
            let parts = parts(components[components.endIndex - 1])
            guard !parts.isEmpty else { return [] }
            guard let id = ImageID(components[components.startIndex + 1]) else { throw .imageID }
            return parts.map { $0(id) }
        default: return []
        }
    }

    /// The routes that docker-registry has outside `/v1/` as well.
    static func unversioned(_ components: ArraySlice<String>) -> [ImagesV1Route] {
        switch Array(components) {
        case []: [.root]
        case ["_ping"]: [.ping]
        case ["_status"]: [.status]
        default: []
        }
    }

    private static func parts(_ name: String) -> [(ImageID) -> ImagesV1Route] {
        switch name {
        case "json": [Self.document, Self.putDocument]
        case "layer": [Self.layer, Self.putLayer]
        case "checksum": [Self.putChecksum]
        case "ancestry": [Self.ancestry]
        case "files": [Self.files]
        case "diff": [Self.diff]
        default: []
        }
    }
}

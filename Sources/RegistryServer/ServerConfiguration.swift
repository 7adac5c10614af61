public import RegistryWire

/// How the server presents itself, and what it takes.
public struct ServerConfiguration: Sendable {
    /// What `X-Docker-Registry-Standalone` says (v1.md §2.1).
    public enum Standalone: String, Sendable {
        /// Engines over TLS then send no token that would name the repository: only without accounts over plain HTTP.
        case `true`
        case `false`
        /// This is a copy of another registry.
        case mirror
    }

    /// A registry host and the namespace whose repositories it holds.
    public struct Endpoint: Sendable, Equatable {
        /// Nil: every namespace.
        public let namespace: String?
        /// `host[:port]`.
        public let host: String

        public init(namespace: String?, host: String) {
            self.namespace = namespace
            self.host = host
        }
    }

    /// The program's name and version, as `GET /` tells it.
    public let program: String
    /// `host[:port]` by which clients reach the server; nil: what the client wrote into `Host`.
    public let externalHost: String?
    /// `scheme://host[:port]` by which clients reach the server; nil: as the request came.
    public let externalURL: String?
    public let standalone: Standalone
    /// Which registry holds the repositories of which namespace, for an index whose registries are elsewhere; the first that fits counts.
    public let endpoints: [Endpoint]
    /// Bytes of an image's JSON document.
    public let imageDocumentSize: Int
    /// Bytes of any other body that is read whole.
    public let requestBodySize: Int
    /// Elements of a repository's list of images in one request.
    public let imagesPerList: Int
    /// Lists of files and differences that are made at a time: each reads layers again.
    public let fileListings: Int
    /// Nil: version 2 is switched off, and what begins with `/v2/` is not there.
    public let distribution: Distribution?
    /// Which of the things that can be deleted may be.
    public let deletion: Deletion
    /// Whether nothing may be changed, at this moment.
    public let isReadOnly: @Sendable () -> Bool
    /// Addresses that metrics are shown to.
    public let metricsFrom: [AddressBlock]

    /// What the Distribution API takes.
    public struct Distribution: Sendable {
        /// Bytes of a manifest.
        public let manifestSize: Int
        /// Descriptors in a manifest.
        public let manifestReferences: Int
        /// `tag` parameters beside one manifest.
        public let tagsPerManifest: Int
        /// Elements of a list in one answer.
        public let pageSize: Int

        public init(
            manifestSize: Int = 4 << 20, manifestReferences: Int = 10_000, tagsPerManifest: Int = 100, pageSize: Int = 10_000
        ) {
            self.manifestSize = manifestSize
            self.manifestReferences = manifestReferences
            self.tagsPerManifest = tagsPerManifest
            self.pageSize = pageSize
        }
    }

    public struct Deletion: Sendable, Equatable {
        public let tags: Bool
        public let manifests: Bool
        public let blobs: Bool
        public let repositories: Bool

        public init(tags: Bool = true, manifests: Bool = true, blobs: Bool = true, repositories: Bool = true) {
            self.tags = tags
            self.manifests = manifests
            self.blobs = blobs
            self.repositories = repositories
        }
    }

    public init(
        program: String, externalHost: String?, externalURL: String? = nil, standalone: Standalone, endpoints: [Endpoint] = [],
        imageDocumentSize: Int,
        requestBodySize: Int, imagesPerList: Int, fileListings: Int, distribution: Distribution? = Distribution(),
        deletion: Deletion = Deletion(), isReadOnly: @escaping @Sendable () -> Bool = { false }, metricsFrom: [AddressBlock] = []
    ) {
        self.program = program
        self.externalHost = externalHost
        self.externalURL = externalURL
        self.standalone = standalone
        self.endpoints = endpoints
        self.imageDocumentSize = imageDocumentSize
        self.requestBodySize = requestBodySize
        self.imagesPerList = imagesPerList
        self.fileListings = fileListings
        self.distribution = distribution
        self.deletion = deletion
        self.isReadOnly = isReadOnly
        self.metricsFrom = metricsFrom
    }
}

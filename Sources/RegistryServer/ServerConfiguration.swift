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

    public init(
        program: String, externalHost: String?, standalone: Standalone, endpoints: [Endpoint] = [], imageDocumentSize: Int,
        requestBodySize: Int, imagesPerList: Int, fileListings: Int
    ) {
        self.program = program
        self.externalHost = externalHost
        self.standalone = standalone
        self.endpoints = endpoints
        self.imageDocumentSize = imageDocumentSize
        self.requestBodySize = requestBodySize
        self.imagesPerList = imagesPerList
        self.fileListings = fileListings
    }
}

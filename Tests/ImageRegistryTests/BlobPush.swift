import Database
import ImageModel
import ImageRegistry
import NIOConcurrencyHelpers
import NIOCore
import RegistryTesting
import Storage
import Testing

/// A registry with a clock that tests move, and what it takes to push through the Distribution API.
struct BlobPush: Sendable {
    static let start: Int64 = 1_400_000_000
    static let name = RepositoryName("team/app")
    static let other = RepositoryName("other/app")
    static let agent = PushAgent(dockerVersion: nil, goVersion: nil, architecture: nil, operatingSystem: nil, kernel: nil)
    static let options = SweepOptions(grace: 1000, uploadLife: 5000)

    let registry: Registry
    let store: any ObjectStore
    let clock: NIOLockedValueBox<Int64>

    static func lend(
        sparse: RegistryLimits.Sparse = .refuse, immutableTags: [String] = [], openUploads: Int = 10,
        _ body: (BlobPush, any SQLDatabase) async throws -> Void
    ) async throws {
        let clock = NIOLockedValueBox(start)
        let store = MemoryStore(now: { clock.withLockedValue(\.self) })
        let patterns = immutableTags.compactMap { TagPattern($0) }
        try await TestRegistry.lend { database in
            let registry = Registry(
                database: database, store: store,
                limits: RegistryLimits(
                    layerSize: 1 << 20, uncompressedLayerSize: 1 << 20, ancestryLength: 8, openUploads: openUploads, sparse: sparse,
                    grace: options.grace),
                policy: {
                    AccessPolicy(allowsAnonymousPull: true, makesPrivateRepositories: false, immutableTags: patterns)
                },
                now: { clock.withLockedValue(\.self) })
            try await body(BlobPush(registry: registry, store: store, clock: clock), database)
        }
    }

    func pass(_ seconds: Int64) { clock.withLockedValue { $0 += seconds } }

    static func digest(_ text: String, _ algorithm: ImageModel.Digest.Algorithm = .sha256) -> ImageModel.Digest {
        .of(Array(text.utf8), algorithm)
    }

    static func body(_ text: String) -> AsyncStream<ByteBuffer> {
        AsyncStream { continuation in
            if !text.isEmpty { continuation.yield(ByteBuffer(string: text)) }
            continuation.finish()
        }
    }

    @discardableResult
    func push(_ text: String, to name: RepositoryName? = name) async throws -> ImageModel.Digest {
        let digest = Self.digest(text)
        try await registry.receiveBlob(
            Self.body(text), announced: Int64(text.utf8.count), as: digest, in: try #require(name))
        return digest
    }

    func holds(_ digest: ImageModel.Digest, in name: RepositoryName? = name) async throws -> Bool {
        do {
            let (info, object) = try await registry.openBlob(digest, of: try #require(name))
            return info.size == object.size
        } catch RegistryError.blobUnknown, RegistryError.repositoryUnknown {
            return false
        }
    }

    /// How many objects the store has.
    func objectCount() async throws -> Int {
        var count = 0
        for try await _ in store.objects(under: nil) { count += 1 }
        return count
    }

    /// Puts an image manifest of the two blobs, which have to be there.
    @discardableResult
    func putImage(
        config: ImageModel.Digest, layer: ImageModel.Digest, tags: [String] = ["latest"], to name: RepositoryName? = name, more: String = ""
    ) async throws -> ImageModel.Digest {
        let text = """
            {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)",\
            "config":{"mediaType":"\(MediaType.ociConfig)","digest":"\(config)","size":2},\
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\(layer)","size":5}]\(more)}
            """
        return try await put(text, tags: tags, to: name)
    }

    @discardableResult
    func putIndex(of children: [ImageModel.Digest], tags: [String], to name: RepositoryName? = name) async throws -> ImageModel.Digest {
        let list = children.map { #"{"mediaType":"\#(MediaType.ociManifest)","digest":"\#($0)","size":300}"# }.joined(separator: ",")
        return try await put(
            #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":[\#(list)]}"#, tags: tags, to: name)
    }

    func put(_ text: String, tags: [String], to name: RepositoryName?) async throws -> ImageModel.Digest {
        let document = Array(text.utf8)
        let pushed = try PushedManifest(document, contentType: nil, named: nil, tags: tags.compactMap { ImageModel.Tag($0) })
        try await registry.put(pushed, in: try #require(name), by: Self.agent)
        return pushed.digest
    }

    func sweep(isDryRun: Bool = false) async throws -> SweepReport {
        try await registry.sweep(Self.options, isDryRun: isDryRun)
    }
}

extension Registry {
    /// The manifest that was pushed under the tag.
    func manifest(_ tag: ImageModel.Tag, of name: RepositoryName) async throws -> StoredManifest {
        guard case .manifest(_, let stored) = try await origin(of: tag, in: name).content else { throw RegistryError.manifestUnknown }
        return stored
    }
}

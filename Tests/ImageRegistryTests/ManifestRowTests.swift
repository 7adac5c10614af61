import Database
import ImageModel
import ImageRegistry
import NIOConcurrencyHelpers
import RegistryTesting
import Storage
import Testing

@Suite("Manifests in their repository")
struct ManifestRowTests {
    @Test("a manifest by tag, one by digest, and a blob are each found with one statement")
    func oneStatement() async throws {
        try await BlobPush.lend { push, database in
            let name = try #require(BlobPush.name)
            let config = try await push.push("{}")
            let digest = try await push.putImage(config: config, layer: config)
            let counting = CountingDatabase(base: database)
            let registry = TestRegistry.over(counting, push.store)
            #expect(try await registry.manifest(.latest, of: name).digest == digest)
            #expect(counting.takeCount() == 1)
            #expect(try await registry.manifest(digest, of: name).document.count > 100)
            #expect(counting.takeCount() == 1)
            #expect(try await registry.openBlob(config, of: name).info.size == 2)
            #expect(counting.takeCount() == 1)
        }
    }

    @Test("what a manifest names has to be there, unless the configuration says otherwise")
    func sparse() async throws {
        let missing = BlobPush.digest("missing")
        for (sparse, takesImage, takesIndex) in [(RegistryLimits.Sparse.refuse, false, false), (.index, false, true), (.any, true, true)] {
            try await BlobPush.lend(sparse: sparse) { push, _ in
                let config = try await push.push("{}")
                try await Self.expect(takesImage, missing) { try await push.putImage(config: config, layer: missing) }
                try await Self.expect(takesIndex, missing) { try await push.putIndex(of: [missing], tags: ["list"]) }
            }
        }
    }

    private static func expect(_ isTaken: Bool, _ missing: Digest, _ body: () async throws -> Digest) async throws {
        do {
            _ = try await body()
            #expect(isTaken)
        } catch {
            #expect(error as? RegistryError == .referencesUnknown([missing]))
            #expect(!isTaken)
        }
    }

    @Test("a tag that may not move does not move, in whatever dialect and however it is asked; the same content again is well")
    func immutable() async throws {
        try await BlobPush.lend(immutableTags: ["team/*:v*"]) { push, _ in
            let name = try #require(BlobPush.name)
            let tag = try #require(Tag("v1"))
            let refusal = RegistryError.tagImmutable(tag)
            let config = try await push.push("{}")
            let other = try await push.push("other")
            let first = try await push.putImage(config: config, layer: config, tags: ["v1", "latest"])
            try await push.putImage(config: config, layer: config, tags: ["v1"])
            await #expect(throws: refusal) { try await push.putImage(config: config, layer: other, tags: ["v1"]) }
            // One tag that may not be moved keeps the others where they are.
            await #expect(throws: refusal) { try await push.putImage(config: config, layer: other, tags: ["latest", "v1"]) }
            #expect(try await push.registry.manifest(.latest, of: name).digest == first)
            await #expect(throws: refusal) { try await push.registry.deleteTag(tag, of: name) }
            await #expect(throws: refusal) { try await push.registry.deleteTags(of: name) }
            await #expect(throws: refusal) { try await push.registry.deleteManifest(first, of: name) }
            await #expect(throws: refusal) { try await push.registry.delete(name) }
            let v1 = try Push("team/app")
            try await v1.run(on: push.registry)
            await #expect(throws: refusal) {
                try await push.registry.setTag(tag, of: name, to: v1.top, in: v1.scope, by: BlobPush.agent)
            }
            // `latest` is not of the pattern: v1 has moved it.
            #expect(try await push.registry.tag(.latest, of: name)?.imageID == v1.top.text)
            await #expect(throws: RegistryError.manifestUnknown) { try await push.registry.manifest(.latest, of: name) }
        }
    }

    @Test("what others need cannot be deleted before them; what only refers to it does not count")
    func order() async throws {
        try await BlobPush.lend { push, _ in
            let name = try #require(BlobPush.name)
            let config = try await push.push("{}")
            let layer = try await push.push("layer")
            let image = try await push.putImage(config: config, layer: layer, tags: ["one"])
            let index = try await push.putIndex(of: [image], tags: ["list"])
            let subject = #","subject":{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(image)","size":1}"#
            let signature = try await push.putImage(config: config, layer: config, tags: [], more: subject)
            await #expect(throws: RegistryError.manifestInUse(by: index)) { try await push.registry.deleteManifest(image, of: name) }
            await #expect(throws: RegistryError.blobInUse(by: image)) { try await push.registry.deleteBlob(layer, of: name) }
            try await push.registry.deleteManifest(index, of: name)
            try await push.registry.deleteManifest(image, of: name)
            try await push.registry.deleteBlob(layer, of: name)
            await #expect(throws: RegistryError.manifestUnknown) { try await push.registry.manifest(try #require(Tag("one")), of: name) }
            #expect(
                try await push.registry.referrers(of: image, in: name, artifactType: nil, after: nil, limit: 10).elements.map(\.digest)
                    == [signature])
        }
    }

    @Test("one digest keeps the type as which it was pushed")
    func type() async throws {
        try await BlobPush.lend { push, _ in
            let text = #"{"schemaVersion":2,"manifests":[]}"#
            _ = try await push.put(text, tags: ["a"], to: BlobPush.name)
            let document = Array(text.utf8)
            await #expect(throws: RegistryError.manifestTypeDiffers(.ociIndex)) {
                try await push.registry.put(
                    PushedManifest(document, contentType: .dockerManifestList, named: nil, tags: []),
                    in: try #require(BlobPush.name), by: BlobPush.agent)
            }
        }
    }

    @Test("v1 sees the tags of images, an index by its image for linux/amd64, and no artifact")
    func v1Tags() async throws {
        try await BlobPush.lend { push, _ in
            let name = try #require(BlobPush.name)
            let config = try await push.push("{}")
            let image = try await push.putImage(config: config, layer: config, tags: ["image"])
            try await push.putIndex(of: [image], tags: ["list"])
            _ = try await push.put(#"{"schemaVersion":2,"manifests":[]}"#, tags: ["empty"], to: name)
            let tags = try await push.registry.tags(of: name)
            #expect(tags.map(\.name) == ["image", "list"])
            #expect(tags.map(\.imageID) == [config.hex, config.hex])
            #expect(try await push.registry.tagNames(of: name, after: nil, limit: 2).elements.map(\.text) == ["empty", "image"])
            #expect(try await push.registry.tagNames(of: name, after: "image", limit: 2).elements.map(\.text) == ["list"])
        }
    }

    @Test("a mount needs the right to pull where the blob is")
    func mount() async throws {
        try await BlobPush.lend { push, _ in
            let (name, other) = (try #require(BlobPush.name), try #require(BlobPush.other))
            let blob = try await push.push("secret")
            try await push.registry.setPrivate(true, name)
            for source in [name, nil] {
                #expect(try await !push.registry.mount(blob, from: source, to: other, by: .anonymous))
                #expect(try await !push.holds(blob, in: other))
            }
            let scoped = Caller(.anyone, token: [Caller.Cap(access: .write, repositories: [RepositoryPattern(other)])])
            #expect(try await !push.registry.mount(blob, from: name, to: other, by: scoped))
            #expect(try await !push.registry.mount(blob, from: nil, to: other, by: scoped))
            #expect(try await push.registry.mount(blob, from: nil, to: other, by: .anyone))
            #expect(try await push.holds(blob, in: other))
        }
    }
}

/// Counts the statements that go through it.
private final class CountingDatabase: SQLDatabase {
    private let base: any SQLDatabase
    private let count = NIOLockedValueBox(0)

    init(base: any SQLDatabase) { self.base = base }

    func takeCount() -> Int {
        count.withLockedValue { count in
            defer { count = 0 }
            return count
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        let count = count
        return try await base.read { try body(Connection(base: $0, count: count)) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        let count = count
        return try await base.write { try body(Connection(base: $0, count: count)) }
    }

    func version() -> Int64? { base.version() }

    private struct Connection: SQLConnection {
        let base: any SQLConnection
        let count: NIOLockedValueBox<Int>

        func rows(_ statement: SQL) throws -> [Row] {
            count.withLockedValue { $0 += 1 }
            return try base.rows(statement)
        }

        func run(_ statement: SQL) throws -> Int {
            count.withLockedValue { $0 += 1 }
            return try base.run(statement)
        }
    }
}

import Database
import ImageModel
import ImageRegistry
import NIOCore
import RegistryTesting
import Storage
import Testing

@Suite("Faces of an image")
struct FaceTests {
    @Test("a v1 image has one schema 2 manifest, the same in every registry, and an OCI manifest of the same config and layers")
    func deterministic() async throws {
        var seen: Set<ImageModel.Digest> = []
        for _ in 1...2 {
            try await TestRegistry.lend { database in
                let push = FacePush(registry: TestRegistry.over(database, MemoryStore()))
                try await push.pushV1()
                let docker = try await push.face(.docker)
                seen.insert(docker.digest)
                #expect(docker.mediaType == .dockerManifest)
                #expect(docker.digest == .of(docker.document, .sha256))
                let (one, other) = (try Self.image(docker), try Self.image(try await push.face(.oci)))
                #expect(one.config.digest == other.config.digest)
                #expect(one.layers.map(\.digest) == other.layers.map(\.digest))
                #expect(one.layers.first?.digest == EmptyLayer.digest)
                #expect(other.layers.map(\.mediaType.text) == Array(repeating: "application/vnd.oci.image.layer.v1.tar+gzip", count: 2))
                #expect(try await push.registry.manifest(docker.digest, of: FacePush.repository()).document == docker.document)
            }
        }
        #expect(seen.count == 1)
    }

    private static func image(_ stored: StoredManifest) throws -> (config: Descriptor, layers: [Descriptor]) {
        guard case .image(let config, let layers) = try Manifest(stored.document, contentType: nil).content else {
            throw RegistryError.manifestUnknown
        }
        return (config, layers)
    }

    @Test("an OCI image is a chain of v1 images with right sums, its plain layer as gzip, whose ids are known before anything is derived")
    func chain() async throws {
        try await TestRegistry.lend { database in
            let push = FacePush(registry: TestRegistry.over(database, MemoryStore()))
            try await push.pushOCI()
            let top = try #require(try await push.registry.tags(of: FacePush.repository()).first?.imageID)
            let images = try await push.v1Chain()
            let base = EmptyLayer.diffID.hex
            #expect(
                images == [#"{"architecture":"amd64","id":"\#(top)","os":"linux","parent":"\#(base)","salt":""}"#, #"{"id":"\#(base)"}"#])
            #expect(try await push.registry.listedImages(of: FacePush.repository()).map(\.id) == [top])
        }
    }

    @Test("every call of catalog and store fails once while a face is derived; afterwards it is derived whole", arguments: Face.allCases)
    func faults(kind: Face) async throws {
        @Sendable func derive(_ push: FacePush) async throws -> String {
            guard kind == .v1 else { return "\(try await push.face(kind).digest)" }
            return try await push.v1Chain().joined()
        }
        @Sendable func push(_ database: any SQLDatabase, _ store: any ObjectStore) async throws {
            let push = FacePush(registry: TestRegistry.over(database, store))
            if kind == .oci || kind == .docker { try await push.pushV1() } else { try await push.pushOCI() }
        }
        let steps = FaultCounter(failing: nil)
        var expected = ""
        try await TestRegistry.lend { database in
            let store = MemoryStore()
            try await push(database, store)
            expected = try await derive(
                FacePush(registry: TestRegistry.over(FailingDatabase(database, counter: steps), FailingStore(store, counter: steps))))
        }
        #expect(steps.calls > 8)
        for failing in 1...steps.calls {
            try await TestRegistry.lend { database in
                let store = MemoryStore()
                try await push(database, store)
                let counter = FaultCounter(failing: failing)
                let faulty = FailingDatabase(database, counter: counter)
                _ = try? await derive(FacePush(registry: TestRegistry.over(faulty, FailingStore(store, counter: counter))))
                #expect(counter.calls >= failing)
                #expect(try await derive(FacePush(registry: TestRegistry.over(database, store))) == expected)
            }
        }
    }

    @Test("thirty who ask at once for a missing face get one that was derived once")
    func once() async throws {
        func calls(of requests: Int) async throws -> Int {
            let counter = FaultCounter(failing: nil)
            try await TestRegistry.lend { database in
                let push = FacePush(registry: TestRegistry.over(database, FailingStore(MemoryStore(), counter: counter)))
                try await push.pushOCI()
                let found = try await withThrowingTaskGroup(of: ImageModel.Digest.self) { group in
                    for _ in 1...requests { group.addTask { try await push.face(.docker).digest } }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(found.count == 1)
            }
            return counter.calls
        }
        #expect(try await calls(of: 30) == calls(of: 1))
    }

    @Test("what was derived is kept while its origin is there, goes with it, and is derived again")
    func sweep() async throws {
        try await BlobPush.lend { blobs, database in
            let push = FacePush(registry: blobs.registry)
            let digest = try await push.pushOCI()
            let docker = try await push.face(.docker).digest
            let images = try await push.v1Chain()
            blobs.pass(BlobPush.options.grace + 1)
            #expect(try await blobs.sweep().faces == 0)
            blobs.pass(BlobPush.options.grace + 1)
            let kept = try await blobs.sweep()
            #expect(kept.removed.count == 0)
            #expect(kept.derived.count == 1)
            #expect(try await push.face(.docker).digest == docker)

            try await blobs.registry.deleteManifest(digest, of: FacePush.repository())
            await #expect(throws: RegistryError.manifestUnknown) {
                try await blobs.registry.manifest(docker, of: FacePush.repository())
            }
            await #expect(throws: RegistryError.imageUnknown) {
                try await blobs.registry.image(try #require(ImageID(EmptyLayer.diffID.hex)), in: FacePush.scope())
            }
            #expect(try await blobs.sweep().faces == 0)
            // Links, then what they named, then what was packed of that.
            for _ in 1...3 {
                blobs.pass(BlobPush.options.grace + 1)
                _ = try await blobs.sweep()
            }
            #expect(try await blobs.objectCount() == 0)

            #expect(try await push.pushOCI() == digest)
            #expect(try await push.face(.docker).digest == docker)
            #expect(try await push.v1Chain() == images)
        }
    }

    @Test("a v1 tag for the image of a manifest names the manifest, so that v2 shows it as it was pushed")
    func tagOfManifest() async throws {
        try await TestRegistry.lend { database in
            let push = FacePush(registry: TestRegistry.over(database, MemoryStore()))
            let digest = try await push.pushOCI()
            let top = try #require(try await push.registry.tags(of: FacePush.repository()).first.flatMap { ImageID($0.imageID) })
            let (first, second) = (try FacePush.tag("first"), try FacePush.tag("second"))
            try await push.registry.setTag(first, of: FacePush.repository(), to: top, in: FacePush.scope(), by: BlobPush.agent)
            _ = try await push.v1Chain()
            try await push.registry.setTag(second, of: FacePush.repository(), to: top, in: FacePush.scope(), by: BlobPush.agent)
            let config = try await push.pushOCI(salt: "other")
            try await push.registry.setTag(
                .latest, of: FacePush.repository(),
                to: try #require(try await push.registry.tag(.latest, of: FacePush.repository()).flatMap { ImageID($0.imageID) }),
                in: FacePush.scope(), by: BlobPush.agent)
            #expect(try await push.registry.manifest(.latest, of: FacePush.repository()).digest == config)
            for tag in [first, second] { #expect(try await push.registry.manifest(tag, of: FacePush.repository()).digest == digest) }
        }
    }

    @Test(
        "a derived manifest that a client pushes counts as pushed, keeps the v1 id, and deleted by its digest it is gone in every dialect")
    func promoted() async throws {
        try await TestRegistry.lend { database in
            let push = FacePush(registry: TestRegistry.over(database, MemoryStore()))
            let top = try await push.pushV1()
            let docker = try await push.face(.docker)
            let again = try FacePush.tag("again")
            let pushed = try PushedManifest(docker.document, contentType: docker.mediaType, named: docker.digest, tags: [again])
            try await push.registry.put(pushed, in: FacePush.repository(), by: BlobPush.agent)
            #expect(try await push.registry.tags(of: FacePush.repository()).map(\.imageID) == [top.text, top.text])
            #expect(try await push.registry.manifest(again, of: FacePush.repository()).digest == docker.digest)
            try await push.registry.deleteManifest(docker.digest, of: FacePush.repository())
            #expect(try await push.registry.tags(of: FacePush.repository()).isEmpty)
            await #expect(throws: RegistryError.manifestUnknown) {
                try await push.registry.manifest(docker.digest, of: FacePush.repository())
            }
            #expect(try await push.registry.image(top, in: FacePush.scope()).document.count > 60)
        }
    }
}

import Database
import ImageModel
import ImageRegistry
import NIOCore
import RegistryTesting
import Storage
import Testing

@Suite("A push of a manifest that fails at any step can be repeated")
struct UploadFaultTests {
    private static let layer = "a layer in two pieces"
    private static let config = "{}"

    @Test(
        "every call of catalog and store fails once; afterwards what can be read is right, an upload goes on, and the same push goes through"
    )
    func everyStep() async throws {
        let steps = FaultCounter(failing: nil)
        try await TestRegistry.lend { database in
            try await Self.push(
                to: TestRegistry.over(FailingDatabase(database, counter: steps), FailingStore(MemoryStore(), counter: steps)))
        }
        #expect(steps.calls > 20)
        for failing in 1...steps.calls {
            try await TestRegistry.lend { database in
                let store = MemoryStore()
                let counter = FaultCounter(failing: failing)
                let faulty = TestRegistry.over(FailingDatabase(database, counter: counter), FailingStore(store, counter: counter))
                try await Self.pushGoingOn(to: faulty)
                #expect(counter.calls >= failing)
                try await Self.check(TestRegistry.over(database, store))
            }
        }
    }

    private static func name() throws -> RepositoryName { try #require(BlobPush.name) }

    private static func manifest() throws -> PushedManifest {
        let document = Array(
            """
            {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)",\
            "config":{"mediaType":"\(MediaType.ociConfig)","digest":"\(BlobPush.digest(config))","size":2},\
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"\(BlobPush.digest(layer))","size":21}]}
            """.utf8)
        return try PushedManifest(document, contentType: nil, named: nil, tags: [.latest])
    }

    private static func push(to registry: Registry) async throws {
        try await registry.receiveBlob(BlobPush.body(config), announced: 2, as: BlobPush.digest(config), in: name())
        let status = try await registry.beginUpload(to: name(), algorithm: .sha256, by: .anyone)
        let scope = UploadScope(id: status.id, repository: try name(), caller: .anyone)
        _ = try await registry.append(BlobPush.body("a layer in "), UploadPiece(start: 0, length: 11), to: scope)
        try await registry.finish(scope, with: BlobPush.body("two pieces"), UploadPiece(start: 11, length: 10), as: BlobPush.digest(layer))
        try await registry.put(manifest(), in: name(), by: BlobPush.agent)
    }

    /// As a patient client does: what fails is asked for again, an upload from where it is. One that is gone has become the blob.
    private static func pushGoingOn(to registry: Registry) async throws {
        try await twice { try await registry.receiveBlob(BlobPush.body(config), announced: 2, as: BlobPush.digest(config), in: name()) }
        try await twice {
            let status = try await twice { try await registry.beginUpload(to: name(), algorithm: .sha256, by: .anyone) }
            let scope = UploadScope(id: status.id, repository: try name(), caller: .anyone)
            for _ in 0..<3 {
                do {
                    let length = try await twice { try await registry.upload(scope) }.length
                    #expect([0, 11, 21].contains(length))
                    if length == 0 {
                        _ = try await registry.append(BlobPush.body("a layer in "), UploadPiece(start: 0, length: 11), to: scope)
                    }
                    let rest = length < 21 ? "two pieces" : ""
                    try await registry.finish(
                        scope, with: BlobPush.body(rest), UploadPiece(start: length == 21 ? 21 : 11, length: Int64(rest.utf8.count)),
                        as: BlobPush.digest(layer))
                    return
                } catch is InjectedFault {
                } catch RegistryError.uploadUnknown {
                    return #expect(try await registry.openBlob(BlobPush.digest(layer), of: name()).info.size == 21)
                }
            }
            Issue.record("the upload does not come to its end")
        }
        try await twice { try await registry.put(manifest(), in: name(), by: BlobPush.agent) }
    }

    private static func twice<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch is InjectedFault { return try await body() }
    }

    private static func check(_ registry: Registry) async throws {
        #expect(try await registry.manifest(.latest, of: name()).document == manifest().document)
        for text in [config, layer] {
            let (info, object) = try await registry.openBlob(BlobPush.digest(text), of: name())
            #expect(info.size == Int64(text.utf8.count))
            var bytes = ByteBuffer()
            for try await piece in object.bytes(in: 0..<object.size) { bytes.writeImmutableBuffer(piece) }
            #expect(String(buffer: bytes) == text)
        }
    }
}

import Crypto
import Database
import DatabaseSQLite
import ImageModel
import ImageRegistry
import LayerArchive
import NIOCore
import RegistryTesting
import Storage
import Testing

/// A chain of images with small layers, and the steps by which an engine pushes it.
struct Push: Sendable {
    struct Item: Sendable {
        let id: ImageID
        let document: [UInt8]
        let layer: [UInt8]
        var sum: ImageModel.Digest {
            var sum = PayloadSum(json: document)
            layer.withUnsafeBytes { sum.update($0) }
            return sum.finalize()
        }
    }

    let name: RepositoryName
    let tag: ImageModel.Tag
    /// Base first.
    let items: [Item]

    /// - Parameter salt: makes the bytes of the layers; the ids are the same for every salt.
    init(_ name: String, count: Int = 2, salt: String = "") throws {
        self.name = try #require(RepositoryName(name))
        tag = .latest
        var items: [Item] = []
        for index in 0..<count {
            let id = try #require(ImageID(Hex.encode(SHA256.hash(data: Array("image \(index)".utf8)))))
            let parent = items.last.map { #","parent":"\#($0.id)""# } ?? ""
            items.append(
                Item(id: id, document: Array(#"{"id":"\#(id)"\#(parent)}"#.utf8), layer: Array("layer \(index) \(salt)".utf8)))
        }
        self.items = items
    }

    var scope: ImageScope { ImageScope(repository: name, caller: .anyone) }
    var top: ImageID { get throws { try #require(items.last).id } }

    /// Pushes as engines do: what is there already is passed over.
    func run(on registry: Registry) async throws {
        try await registry.declare(items.map { DeclaredImage(id: $0.id) }, in: name)
        for item in items {
            if (try? await registry.image(item.id, in: scope)) != nil { continue }
            try await registry.beginImage(item.id, document: item.document, offered: [], in: scope)
            try await registry.receiveLayer(Self.body(item.layer), of: item.id, in: scope)
            try await registry.offer([.payload(item.sum)], for: item.id, in: scope)
        }
        let agent = PushAgent(dockerVersion: nil, goVersion: nil, architecture: nil, operatingSystem: nil, kernel: nil)
        try await registry.setTag(tag, of: name, to: try top, in: scope, by: agent)
        try await registry.declare([], in: name)
    }

    /// Pulls what was pushed, and compares every byte.
    func check(on registry: Registry) async throws {
        #expect(try await registry.tags(of: name).map(\.imageID) == [try top.text])
        #expect(try await registry.ancestry(of: try top, in: scope).ids == items.reversed().map(\.id))
        for item in items {
            #expect(try await registry.image(item.id, in: scope).document == item.document)
            #expect(try await Self.bytes(registry.layer(of: item.id, in: scope)) == item.layer)
        }
    }

    static func body(_ bytes: [UInt8]) -> AsyncStream<ByteBuffer> {
        AsyncStream { continuation in
            for piece in [bytes.prefix(3), bytes.dropFirst(3)] where !piece.isEmpty { continuation.yield(ByteBuffer(bytes: piece)) }
            continuation.finish()
        }
    }

    static func bytes(_ layer: Layer) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in layer.object.bytes(in: 0..<layer.object.size) { bytes += Array(buffer: piece) }
        return bytes
    }
}

/// A registry on a fresh catalog, for one test.
enum TestRegistry {
    static let limits = RegistryLimits(layerSize: 1 << 20, uncompressedLayerSize: 1 << 20, ancestryLength: 8)

    static func lend(_ body: (any SQLDatabase) async throws -> Void) async throws {
        try await TemporaryFolder.lend { folder in
            let database = try SQLiteDatabase(path: "\(folder)/catalog.sqlite")
            try await over(database, MemoryStore()).prepare()
            try await body(database)
            try database.close()
        }
    }

    static func over(_ database: any SQLDatabase, _ store: any ObjectStore) -> Registry {
        Registry(database: database, store: store, limits: limits, now: { 1_400_000_000 })
    }
}

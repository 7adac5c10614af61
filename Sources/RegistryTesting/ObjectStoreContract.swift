import Glibc
import NIOCore
public import Storage
import Testing

/// What every object store keeps to, whatever lies behind it. A driver's tests run each of these on a fresh store.
public enum ObjectStoreContract {
    public static let all: [(name: String, check: @Sendable (any ObjectStore) async throws -> Void)] =
        [
            ("an object that was never written is absent", absent),
            ("what was written is read back, whole and in parts", readsBack),
            ("an empty object is an object", empty),
            ("nothing appears when the writing fails", failure),
            ("nothing appears before the writing is done", appearsWhole),
            ("writing a key again replaces the object in one step, and an open one stays readable", replaces),
            ("several writers do not disturb one another", concurrentWriters),
            ("a healthy store passes its check", { try await $0.check() }),
            ("what is removed is gone, and removing it again is no error", removes),
            ("everything is listed with its size and time, by folder", lists),
        ] + uploads

    @Sendable private static func absent(_ store: any ObjectStore) async throws {
        #expect(try await store.open(try key("none")) == nil)
    }

    @Sendable private static func readsBack(_ store: any ObjectStore) async throws {
        let pieces = (0..<5).map { index in [UInt8](repeating: UInt8(index), count: 100_000 + index) }
        let whole = pieces.flatMap(\.self)
        try await put(pieces, as: try key("a"), in: store)
        let object = try #require(try await store.open(try key("a")))
        #expect(object.size == Int64(whole.count))
        #expect(try await read(object, 0..<object.size) == whole)
        #expect(try await read(object, 99_999..<100_002) == Array(whole[99_999..<100_002]))
        #expect(try await read(object, object.size - 1..<object.size + 10) == Array(whole.suffix(1)))
        #expect(try await read(object, 7..<7) == [])
    }

    @Sendable private static func empty(_ store: any ObjectStore) async throws {
        try await put([], as: try key("empty"), in: store)
        let object = try #require(try await store.open(try key("empty")))
        #expect(object.size == 0)
        #expect(try await read(object, 0..<1) == [])
    }

    @Sendable private static func failure(_ store: any ObjectStore) async throws {
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            try await store.write { writer in
                try await writer.write([ByteBuffer(string: "half")])
                throw Failure()
            }
        }
        #expect(try await store.open(try key("half")) == nil)
    }

    @Sendable private static func appearsWhole(_ store: any ObjectStore) async throws {
        try await store.write { writer in
            try await writer.write([ByteBuffer(string: "first")])
            #expect(try await store.open(try key("whole")) == nil)
            return try key("whole")
        }
        #expect(try await store.open(try key("whole"))?.size == 5)
    }

    @Sendable private static func replaces(_ store: any ObjectStore) async throws {
        try await put([Array("old".utf8)], as: try key("twice"), in: store)
        let old = try #require(try await store.open(try key("twice")))
        try await put([Array("newer".utf8)], as: try key("twice"), in: store)
        let new = try #require(try await store.open(try key("twice")))
        #expect(try await read(old, 0..<3) == Array("old".utf8))
        #expect(try await read(new, 0..<9) == Array("newer".utf8))
    }

    @Sendable private static func concurrentWriters(_ store: any ObjectStore) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<16 {
                group.addTask { try await put([[UInt8](repeating: UInt8(index), count: 70_000)], as: try key("c\(index)"), in: store) }
            }
            try await group.waitForAll()
        }
        for index in 0..<16 {
            let object = try #require(try await store.open(try key("c\(index)")))
            #expect(try await read(object, 0..<70_000) == [UInt8](repeating: UInt8(index), count: 70_000))
        }
    }

    @Sendable private static func removes(_ store: any ObjectStore) async throws {
        try await put([Array("short-lived".utf8)], as: try key("gone"), in: store)
        let object = try #require(try await store.open(try key("gone")))
        try await store.remove(try key("gone"))
        try await store.remove(try key("gone"))
        #expect(try await store.open(try key("gone")) == nil)
        #expect(try await read(object, 0..<20) == Array("short-lived".utf8))
    }

    @Sendable private static func lists(_ store: any ObjectStore) async throws {
        let before = Int64(time(nil))
        let folder = try #require(ObjectKey("contract", "of"))
        let elsewhere = try #require(ObjectKey("nothing", "here"))
        #expect(try await list(store, under: nil) == [])
        for name in ["a", "ab"] { try await put([Array(name.utf8)], as: try key(name), in: store) }
        try await put([[1, 2, 3]], as: try #require(ObjectKey("contract", "off")), in: store)
        _ = try await store.append(to: try upload("growing"), at: 0) { try await $0.write([ByteBuffer(string: "four")]) }
        try await store.write { writer in
            try await writer.write([ByteBuffer(string: "unfinished")])
            #expect(
                try await list(store, under: nil) == ["contract/of/a: 1", "contract/of/ab: 2", "contract/off: 3", "uploads/growing: 4"])
            return try key("last")
        }
        #expect(
            try await list(store, under: folder)
                == ["contract/of/a: 1", "contract/of/ab: 2", "contract/of/last: 10"])
        #expect(try await list(store, under: try key("a")) == [])
        #expect(try await list(store, under: elsewhere) == [])
        let after = Int64(time(nil))
        for try await object in store.objects(under: nil) { #expect((before...after).contains(object.modifiedAt)) }
    }

    private static func list(_ store: any ObjectStore, under folder: ObjectKey?) async throws -> [String] {
        var lines: [String] = []
        for try await object in store.objects(under: folder) { lines.append("\(object.key): \(object.size)") }
        return lines.sorted()
    }

    static func key(_ name: String) throws -> ObjectKey { try #require(ObjectKey("contract", "of", name)) }

    static func put(_ pieces: [[UInt8]], as key: ObjectKey, in store: any ObjectStore) async throws {
        try await store.write { writer in
            for piece in pieces { try await writer.write([ByteBuffer(bytes: piece)]) }
            return key
        }
    }

    static func read(_ object: StoredObject, _ range: Range<Int64>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in object.bytes(in: range) { bytes += Array(buffer: piece) }
        return bytes
    }
}

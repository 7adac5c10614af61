import NIOCore
import Storage
import Testing

/// What every object store keeps to about uploads.
extension ObjectStoreContract {
    static let uploads: [(name: String, check: @Sendable (any ObjectStore) async throws -> Void)] = [
        ("an upload grows from append to append and becomes an object", grows),
        ("what was not acknowledged is replaced by the next append that writes", cutsOff),
        ("what was not acknowledged is cut off by the finish", finishesWhatWasAcknowledged),
        ("an append that fails keeps what was written, and tells", keeps),
        ("an append beyond the end is refused with the length", tooShort),
        ("one writer at a time", oneWriter),
        ("uploads do not disturb one another", concurrentUploads),
        ("an append to an upload that is removed meanwhile fails", removedMeanwhile),
        ("an upload that was removed is not there", removed),
        ("an upload of nothing becomes an empty object", emptyUpload),
        ("an object that is there is kept, and the upload is gone", finishesTwice),
        ("a finish may be asked for again", finishesAgain),
        ("the finish of what is not there is refused", finishesNothing),
        ("a finished upload stays readable to who opened it", staysReadable),
    ]

    private struct Failure: Error, Equatable {}

    @Sendable private static func grows(_ store: any ObjectStore) async throws {
        let pieces = (0..<4).map { [UInt8](repeating: UInt8($0), count: 100_000 + $0) }
        var offset: Int64 = 0
        for piece in pieces {
            let outcome = try await append([piece], at: offset, in: store)
            #expect(outcome.failure == nil)
            #expect(outcome.length == offset + Int64(piece.count))
            offset = outcome.length
            #expect(try await store.open(try upload())?.size == offset)
        }
        let whole = pieces.flatMap(\.self)
        let unfinished = try #require(try await store.open(try upload()))
        #expect(try await read(unfinished, 99_999..<100_002) == Array(whole[99_999..<100_002]))
        #expect(try await store.open(try key("grown")) == nil)
        try await store.finish(try upload(), length: offset, as: try key("grown"))
        #expect(try await store.open(try upload()) == nil)
        let object = try #require(try await store.open(try key("grown")))
        #expect(try await read(object, 0..<object.size) == whole)
    }

    @Sendable private static func cutsOff(_ store: any ObjectStore) async throws {
        _ = try await append(["first, ", "lost"], at: 0, in: store)
        let outcome = try await append(["2nd"], at: 7, in: store)
        #expect(outcome.length == 10)
        #expect(try await text(of: try upload(), in: store) == "first, 2nd")
        #expect(try await append([String](), at: 5, in: store).length == 5)
        // Nothing to write: nothing to replace, should more have been acknowledged than the caller knew of.
        #expect(try await text(of: try upload(), in: store) == "first, 2nd")
        #expect(try await append(["again"], at: 0, in: store).length == 5)
        #expect(try await text(of: try upload(), in: store) == "again")
    }

    @Sendable private static func finishesWhatWasAcknowledged(_ store: any ObjectStore) async throws {
        _ = try await append(["kept", " and lost"], at: 0, in: store)
        try await store.finish(try upload(), length: 4, as: try key("cut"))
        #expect(try await text(of: try key("cut"), in: store) == "kept")
    }

    @Sendable private static func keeps(_ store: any ObjectStore) async throws {
        let outcome = try await store.append(to: try upload(), at: 0) { writer in
            try await writer.write([ByteBuffer(string: "so "), ByteBuffer(string: "far")])
            throw Failure()
        }
        #expect(outcome.length == 6)
        #expect(outcome.failure as? Failure == Failure())
        #expect(try await append([", and on"], at: 6, in: store).length == 14)
        #expect(try await text(of: try upload(), in: store) == "so far, and on")
        let nothing = try await store.append(to: try upload(), at: 14) { _ in throw Failure() }
        #expect(nothing.length == 14)
        #expect(nothing.failure as? Failure == Failure())
    }

    @Sendable private static func tooShort(_ store: any ObjectStore) async throws {
        await #expect(throws: StoreError.tooShort(length: 0)) { try await append(["x"], at: 1, in: store) }
        #expect(try await store.open(try upload()) == nil)
        _ = try await append(["four"], at: 0, in: store)
        await #expect(throws: StoreError.tooShort(length: 4)) { try await append(["x"], at: 5, in: store) }
        await #expect(throws: StoreError.tooShort(length: 4)) {
            try await store.finish(try upload(), length: 5, as: try key("short"))
        }
        #expect(try await text(of: try upload(), in: store) == "four")
        #expect(try await store.open(try key("short")) == nil)
    }

    @Sendable private static func oneWriter(_ store: any ObjectStore) async throws {
        let outcome = try await store.append(to: try upload(), at: 0) { writer in
            try await writer.write([ByteBuffer(string: "first")])
            await #expect(throws: StoreError.busy) { try await append(["second"], at: 0, in: store) }
            await #expect(throws: StoreError.busy) { try await store.finish(try upload(), length: 0, as: try key("busy")) }
            try await writer.write([ByteBuffer(string: " alone")])
        }
        #expect(outcome.length == 11)
        #expect(try await text(of: try upload(), in: store) == "first alone")
        // At once, and also after a failure: nothing of the one before may hold the upload.
        for round in 0..<50 {
            let outcome = try await store.append(to: try upload(), at: 11) { _ in if round % 2 == 0 { throw Failure() } }
            #expect(outcome.length == 11)
            await #expect(throws: StoreError.tooShort(length: 11)) { try await append([String](), at: 12, in: store) }
        }
        try await store.finish(try upload(), length: 11, as: try key("busy"))
        #expect(try await text(of: try key("busy"), in: store) == "first alone")
    }

    @Sendable private static func concurrentUploads(_ store: any ObjectStore) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<16 {
                group.addTask {
                    let piece = ByteBuffer(repeating: UInt8(index), count: 30_000)
                    for offset in [0, 30_000] as [Int64] {
                        _ = try await store.append(to: try upload("u\(index)"), at: offset) { try await $0.write([piece]) }
                    }
                    // Half of them have the same content as another.
                    try await store.finish(try upload("u\(index)"), length: 60_000, as: try key("c\(index % 8)"))
                }
            }
            try await group.waitForAll()
        }
        for index in 0..<8 {
            let object = try #require(try await store.open(try key("c\(index)")))
            let bytes = try await read(object, 0..<60_000)
            #expect(bytes.count == 60_000)
            #expect(bytes.allSatisfy { $0 == UInt8(index) } || bytes.allSatisfy { $0 == UInt8(index + 8) })
        }
        for index in 0..<16 { #expect(try await store.open(try upload("u\(index)")) == nil) }
    }

    @Sendable private static func removedMeanwhile(_ store: any ObjectStore) async throws {
        await #expect(throws: StoreError.tooShort(length: 0)) {
            try await store.append(to: try upload(), at: 0) { writer in
                try await writer.write([ByteBuffer(string: "in vain")])
                try await store.remove(try upload())
            }
        }
        #expect(try await store.open(try upload()) == nil)
        #expect(try await append(["anew"], at: 0, in: store).length == 4)
    }

    @Sendable private static func removed(_ store: any ObjectStore) async throws {
        _ = try await append(["text"], at: 0, in: store)
        try await store.remove(try upload())
        #expect(try await store.open(try upload()) == nil)
        await #expect(throws: StoreError.tooShort(length: 0)) { try await append(["x"], at: 4, in: store) }
        await #expect(throws: StoreError.tooShort(length: 0)) {
            try await store.finish(try upload(), length: 4, as: try key("removed"))
        }
    }

    @Sendable private static func emptyUpload(_ store: any ObjectStore) async throws {
        try await store.finish(try upload(), length: 0, as: try key("never"))
        #expect(try await text(of: try key("never"), in: store) == "")
        #expect(try await append([String](), at: 0, in: store).length == 0)
        #expect(try await text(of: try upload(), in: store) == "")
        try await store.finish(try upload(), length: 0, as: try key("begun"))
        #expect(try await text(of: try key("begun"), in: store) == "")
        #expect(try await store.open(try upload()) == nil)
    }

    @Sendable private static func finishesTwice(_ store: any ObjectStore) async throws {
        try await put([Array("same".utf8)], as: try key("same"), in: store)
        _ = try await append(["same"], at: 0, in: store)
        try await store.finish(try upload(), length: 4, as: try key("same"))
        #expect(try await text(of: try key("same"), in: store) == "same")
        #expect(try await store.open(try upload()) == nil)
        // An object of another size is damaged, and replaced.
        _ = try await append(["whole"], at: 0, in: store)
        try await store.finish(try upload(), length: 5, as: try key("same"))
        #expect(try await text(of: try key("same"), in: store) == "whole")
    }

    @Sendable private static func finishesAgain(_ store: any ObjectStore) async throws {
        _ = try await append(["done"], at: 0, in: store)
        try await store.finish(try upload(), length: 4, as: try key("done"))
        try await store.finish(try upload(), length: 4, as: try key("done"))
        #expect(try await text(of: try key("done"), in: store) == "done")
        await #expect(throws: StoreError.tooShort(length: 0)) { try await store.finish(try upload(), length: 3, as: try key("done")) }
    }

    @Sendable private static func finishesNothing(_ store: any ObjectStore) async throws {
        await #expect(throws: StoreError.tooShort(length: 0)) { try await store.finish(try upload(), length: 1, as: try key("none")) }
        #expect(try await store.open(try key("none")) == nil)
    }

    @Sendable private static func staysReadable(_ store: any ObjectStore) async throws {
        _ = try await append(["stays"], at: 0, in: store)
        let opened = try #require(try await store.open(try upload()))
        try await store.finish(try upload(), length: 5, as: try key("stays"))
        #expect(try await read(opened, 0..<5) == Array("stays".utf8))
    }

    static func upload(_ name: String = "7b0e0b5e") throws -> ObjectKey { try #require(ObjectKey("uploads", name)) }

    private static func append(_ pieces: [String], at offset: Int64, in store: any ObjectStore) async throws -> AppendOutcome {
        try await append(pieces.map { Array($0.utf8) }, at: offset, in: store)
    }

    private static func append(_ pieces: [[UInt8]], at offset: Int64, in store: any ObjectStore) async throws -> AppendOutcome {
        try await store.append(to: try upload(), at: offset) { writer in
            for piece in pieces { try await writer.write([ByteBuffer(bytes: piece)]) }
        }
    }

    private static func text(of key: ObjectKey, in store: any ObjectStore) async throws -> String {
        let object = try #require(try await store.open(key))
        return String(decoding: try await read(object, 0..<object.size), as: UTF8.self)
    }
}

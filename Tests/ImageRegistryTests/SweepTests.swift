import Database
import ImageModel
import ImageRegistry
import NIOConcurrencyHelpers
import NIOCore
import RegistryTesting
import Storage
import Testing

@Suite("Sweeps give back what nobody needs, and nothing else")
struct SweepTests {
    @Test("a blob that no manifest names goes after the grace period, row first and then bytes; what is named stays")
    func unreferenced() async throws {
        try await BlobPush.lend { push, database in
            let config = try await push.push("{}")
            let layer = try await push.push("layer")
            let orphan = try await push.push("orphan")
            try await push.putImage(config: config, layer: layer)
            #expect(try await push.sweep() == report { $0.live = SweepTally(count: 3, bytes: 13) })
            push.pass(1001)
            let planned = try await push.sweep(isDryRun: true)
            #expect(
                planned == report { ($0.links, $0.live, $0.waiting) = (1, SweepTally(count: 2, bytes: 7), SweepTally(count: 1, bytes: 6)) })
            #expect(try await push.sweep() == planned)
            #expect(try await !push.holds(orphan))
            #expect(try await push.objectCount() == 3)
            push.pass(1001)
            let removed = report { ($0.live, $0.removed) = (SweepTally(count: 2, bytes: 7), SweepTally(count: 1, bytes: 6)) }
            #expect(try await push.sweep(isDryRun: true) == removed)
            #expect(try await push.sweep() == removed)
            #expect(try await push.objectCount() == 2)
            #expect(try await database.read { try $0.rows("SELECT digest FROM blob").count } == 2)
            #expect(try await push.holds(config))
            // The same bytes may come again.
            try await push.push("orphan")
            #expect(try await push.holds(orphan))
        }
    }

    @Test("asking whether a blob is there, and mounting it, renews the lease")
    func leases() async throws {
        try await BlobPush.lend { push, _ in
            let asked = try await push.push("asked")
            let mounted = try await push.push("mounted")
            let read = try await push.push("read")
            push.pass(900)
            _ = try await push.registry.blob(asked, of: try #require(BlobPush.name), isRenewing: true)
            _ = try await push.registry.openBlob(read, of: try #require(BlobPush.name))
            #expect(try await push.registry.mount(mounted, from: BlobPush.name, to: try #require(BlobPush.other), by: .anyone))
            push.pass(900)
            _ = try await push.sweep()
            #expect(try await push.holds(asked))
            #expect(try await push.holds(mounted, in: BlobPush.other))
            #expect(try await !push.holds(mounted))
            #expect(try await !push.holds(read))
        }
    }

    @Test("a blob that comes into use again while it waits is kept")
    func rescued() async throws {
        try await BlobPush.lend { push, _ in
            try await push.push("again")
            push.pass(1001)
            #expect(try await push.sweep().waiting.count == 1)
            push.pass(900)
            let digest = try await push.push("again")
            push.pass(200)
            #expect(try await push.sweep() == report { $0.live = SweepTally(count: 1, bytes: 5) })
            #expect(try await push.holds(digest))
        }
    }

    @Test("what a deleted manifest named goes; what another one names as well stays")
    func shared() async throws {
        try await BlobPush.lend { push, _ in
            let config = try await push.push("{}")
            let one = try await push.push("one")
            let both = try await push.push("both")
            let first = try await push.putImage(config: config, layer: one, tags: ["first"])
            try await push.putImage(config: config, layer: both, tags: ["second"])
            try await push.registry.deleteManifest(first, of: try #require(BlobPush.name))
            push.pass(2000)
            _ = try await push.sweep()
            push.pass(2000)
            #expect(try await push.sweep().removed.count == 1)
            #expect(try await !push.holds(one))
            #expect(try await push.holds(both))
        }
    }

    @Test("layers of v1 images are kept, and given back with their images")
    func v1() async throws {
        try await BlobPush.lend { push, _ in
            let v1 = try Push("team/old")
            try await v1.run(on: push.registry)
            push.pass(5000)
            #expect(try await push.sweep().live.count == v1.items.count)
            try await v1.check(on: push.registry)
            try await push.registry.delete(v1.name)
            _ = try await push.sweep()
            push.pass(1001)
            #expect(try await push.sweep().removed.count == v1.items.count)
            #expect(try await push.objectCount() == 0)
        }
    }

    @Test("images that no repository has claimed go after the life of an upload, from the top of their chain down")
    func unclaimed() async throws {
        try await BlobPush.lend { push, _ in
            let v1 = try Push("team/old", count: 3)
            let scope = ImageScope(repository: nil, caller: .anyone)
            for item in v1.items {
                try await push.registry.beginImage(item.id, document: item.document, offered: [], in: scope)
                try await push.registry.receiveLayer(Push.body(item.layer), of: item.id, in: scope)
            }
            push.pass(4000)
            #expect(try await push.sweep().images == 0)
            push.pass(1001)
            #expect(try await push.sweep(isDryRun: true).images == 3)
            #expect(try await push.sweep().images == 3)
        }
    }

    @Test("an upload is given up when its time is over, and its bytes go")
    func uploads() async throws {
        try await BlobPush.lend { push, _ in
            let status = try await push.registry.beginUpload(to: try #require(BlobPush.name), algorithm: .sha256, by: .anyone)
            let scope = UploadScope(id: status.id, repository: try #require(BlobPush.name), caller: .anyone)
            _ = try await push.registry.append(BlobPush.body("part"), UploadPiece(start: nil, length: nil), to: scope)
            push.pass(4999)
            #expect(try await push.sweep().uploads.count == 0)
            #expect(try await push.registry.upload(scope).length == 4)
            push.pass(2)
            #expect(try await push.sweep().uploads == SweepTally(count: 1, bytes: 4))
            await #expect(throws: RegistryError.uploadUnknown) { try await push.registry.upload(scope) }
            #expect(try await push.objectCount() == 0)
        }
    }

    @Test("objects that no row names go after the grace period: a crash has left them")
    func strays() async throws {
        try await BlobPush.lend { push, _ in
            let digest = BlobPush.digest("stray")
            let key = try #require(ObjectKey("blobs", "sha256", String(digest.hex.prefix(2)), digest.hex))
            try await push.store.write { writer in
                try await writer.write([ByteBuffer(string: "stray")])
                return key
            }
            #expect(try await push.sweep().strays.count == 0)
            push.pass(1001)
            #expect(try await push.sweep(isDryRun: true).strays == SweepTally(count: 1, bytes: 5))
            #expect(try await push.objectCount() == 1)
            #expect(try await push.sweep().strays == SweepTally(count: 1, bytes: 5))
            #expect(try await push.objectCount() == 0)
        }
    }

    @Test("a push of bytes that are being taken away waits, and a removal that comes in between is noticed")
    func fence() async throws {
        try await BlobPush.lend { push, database in
            let digest = BlobPush.digest("fenced")
            _ = try await database.write {
                try $0.run("INSERT INTO blob_removal (digest, number, is_underway, changed_at) VALUES (\(digest.description), 1, 1, 0)")
            }
            async let pushed = push.push("fenced")
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await !push.holds(digest))
            _ = try await database.write { try $0.run("UPDATE blob_removal SET is_underway = 0") }
            _ = try await pushed
            #expect(try await push.holds(digest))

            // A removal begins and ends between the bytes and the row of another push.
            let late = BlobPush.digest("late")
            let store = InterruptedStore(base: push.store) {
                _ = try await database.write {
                    try $0.run("INSERT INTO blob_removal (digest, number, is_underway, changed_at) VALUES (\(late.description), 1, 0, 0)")
                }
            }
            let registry = TestRegistry.over(database, store)
            await #expect(throws: RegistryError.removalUnderway) {
                try await registry.receiveBlob(BlobPush.body("late"), announced: nil, as: late, in: try #require(BlobPush.name))
            }
            #expect(try await !push.holds(late))
            try await push.push("late")
        }
    }

    @Test("a removal that a killed sweep has left is ended by the next")
    func abandoned() async throws {
        try await BlobPush.lend { push, database in
            let digest = BlobPush.digest("half")
            try await database.write {
                try $0.run(
                    "INSERT INTO blob_removal (digest, number, is_underway, changed_at) VALUES (\(digest.description), 1, 1, \(BlobPush.start))"
                )
            }
            push.pass(601)
            _ = try await push.sweep()
            try await push.push("half")
            #expect(try await push.holds(digest))
        }
    }

    @Test("while clients push, mount, delete and ask, sweeps without any grace lose nothing that was acknowledged")
    func underLoad() async throws {
        try await BlobPush.lend { push, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        for round in 0..<15 {
                            let name = try #require(RepositoryName("team/app\(worker)"))
                            do {
                                let config = try await push.push("{}", to: name)
                                let layer = try await push.push("layer \(round % 3)", to: name)
                                let digest = try await push.putImage(config: config, layer: layer, tags: ["r\(round)"], to: name)
                                #expect(try await push.holds(layer, in: name))
                                #expect(try await push.holds(config, in: name))
                                try await push.registry.deleteManifest(digest, of: name)
                            } catch RegistryError.referencesUnknown, RegistryError.removalUnderway {
                                // Nothing was acknowledged but blobs, whose lease is over at once here.
                            }
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<40 {
                        push.pass(1)
                        _ = try await push.registry.sweep(SweepOptions(grace: -1, uploadLife: 5000), isDryRun: false)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func report(_ change: (inout SweepReport) -> Void) -> SweepReport {
        var report = SweepReport()
        change(&report)
        return report
    }
}

/// A store in which something happens right after an object has appeared.
private struct InterruptedStore: ObjectStore {
    let base: any ObjectStore
    let interruption: @Sendable () async throws -> Void

    func open(_ key: ObjectKey) async throws -> StoredObject? { try await base.open(key) }

    func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws {
        try await base.write(produce)
        try await interruption()
    }

    func append(to upload: ObjectKey, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void) async throws -> AppendOutcome {
        try await base.append(to: upload, at: offset, produce)
    }

    func finish(_ upload: ObjectKey, length: Int64, as key: ObjectKey) async throws {
        try await base.finish(upload, length: length, as: key)
        try await interruption()
    }

    func remove(_ key: ObjectKey) async throws { try await base.remove(key) }
    func objects(under folder: ObjectKey?) -> ObjectListing { base.objects(under: folder) }
    func check() async throws { try await base.check() }
}

import Database
import ImageModel
import ImageRegistry
import NIOCore
import RegistryTesting
import Storage
import Testing

@Suite("What comes from another registry's storage")
struct ImportTests {
    private static let agent = PushAgent(dockerVersion: "1.5.0", goVersion: nil, architecture: "amd64", operatingSystem: nil, kernel: nil)

    private func image(_ item: Push.Item, sums: [String]? = nil) throws -> ImportedImage {
        ImportedImage(
            image: try V1Image(json: item.document), document: item.document, layerSize: Int64(item.layer.count),
            sums: sums ?? [item.sum.description])
    }

    private func bring(_ push: Push, to registry: Registry) async throws {
        for item in push.items {
            try await registry.importImage(
                try image(item), layer: Push.body(item.layer), to: ImportedRepository(push.name), isDryRun: false)
        }
    }

    private func tag(_ text: String, _ target: ImportedTag.Target, at time: Int64 = 1_300_000_000) throws -> ImportedTag {
        ImportedTag(tag: try #require(Tag(text)), target: target, updatedAt: time, agent: Self.agent)
    }

    @Test("images come with every byte, are complete at once, and tags have their own time and agent")
    func images() async throws {
        try await BlobPush.lend { lent, _ in
            let (registry, push) = (lent.registry, try Push("team/app"))
            #expect(try await !registry.holdsChain(of: push.top, in: push.name))
            try await bring(push, to: registry)
            #expect(try await registry.holdsChain(of: push.top, in: push.name))
            #expect(try await registry.completeDocument(of: push.top, in: push.name) == push.items.last?.document)
            try await registry.importList(push.items.map(\.id), to: push.name)
            #expect(
                try await registry.importTag(
                    tag("latest", .image(push.top)), to: ImportedRepository(push.name), isReplacing: false, isDryRun: false) == .set)
            try await push.check(on: registry)
            let details = try #require(try await registry.tag(.latest, of: push.name))
            #expect((details.updatedAt, details.agent) == (1_300_000_000, Self.agent))
            #expect(try await registry.listedImages(of: push.name).map(\.id) == push.items.map(\.id.text))
            // Nothing is written once it is there.
            let version = registry.version()
            #expect(
                try await registry.importTag(
                    tag("latest", .image(push.top), at: 5), to: ImportedRepository(push.name), isReplacing: true, isDryRun: false)
                    == .present)
            try await registry.importList(push.items.map(\.id), to: push.name)
            #expect(registry.version() == version)
        }
    }

    @Test("a wrong sum, and a layer of another length, are refused, and nothing is stored")
    func damaged() async throws {
        try await BlobPush.lend { lent, _ in
            let push = try Push("team/app", count: 1)
            let item = try #require(push.items.first)
            let wrong = "sha256:" + String(repeating: "0", count: 64)
            for isDryRun in [true, false] {
                for sums in [[wrong], ["tarsum+sha256:" + String(repeating: "0", count: 64)]] {
                    await #expect(throws: RegistryError.checksumMismatch) {
                        try await lent.registry.importImage(
                            try image(item, sums: sums), layer: Push.body(item.layer), to: ImportedRepository(push.name), isDryRun: isDryRun
                        )
                    }
                }
                await #expect(throws: RegistryError.lengthMismatch) {
                    try await lent.registry.importImage(
                        try image(item), layer: Push.body([1, 2]), to: ImportedRepository(push.name), isDryRun: isDryRun)
                }
            }
            #expect(try await lent.objectCount() == 0)
            // One right sum of several, no sum at all, and sums that nobody knows.
            for (index, sums) in [[wrong, item.sum.description], [], ["md5:abc"]].enumerated() {
                let name = try #require(RepositoryName("team/app\(index)"))
                try await lent.registry.importImage(
                    try image(item, sums: sums), layer: Push.body(item.layer), to: ImportedRepository(name), isDryRun: false)
                #expect(try await lent.registry.holdsChain(of: item.id, in: name))
            }
        }
    }

    @Test("a parent comes first, and another image of the id is kept")
    func order() async throws {
        try await BlobPush.lend { lent, _ in
            let (ours, theirs) = (try Push("team/app"), try Push("team/app", salt: "other"))
            let top = try #require(theirs.items.last)
            await #expect(throws: RegistryError.parentUnknown) {
                try await lent.registry.importImage(
                    try image(top), layer: Push.body(top.layer), to: ImportedRepository(theirs.name), isDryRun: false)
            }
            try await ours.run(on: lent.registry)
            await #expect(throws: RegistryError.imageExists) {
                try await lent.registry.importImage(
                    try image(top), layer: Push.body(top.layer), to: ImportedRepository(theirs.name), isDryRun: false)
            }
            try await ours.check(on: lent.registry)
        }
    }

    @Test("an open push of the same image is completed by what comes")
    func open() async throws {
        try await BlobPush.lend { lent, _ in
            let push = try Push("team/app", count: 1)
            let item = try #require(push.items.first)
            try await lent.registry.beginImage(item.id, document: Array(#"{"id":"\#(item.id)","x":1}"#.utf8), offered: [], in: push.scope)
            #expect(try await !lent.registry.holdsChain(of: item.id, in: push.name))
            try await bring(push, to: lent.registry)
            #expect(try await lent.registry.image(item.id, in: push.scope).document == item.document)
        }
    }

    @Test("what another repository has, is taken from there when its sums say that it is the same")
    func stored() async throws {
        try await BlobPush.lend { lent, _ in
            let (push, other) = (try Push("team/app", count: 1), try #require(RepositoryName("team/other")))
            let item = try #require(push.items.first)
            #expect(try await !lent.registry.importStored(try image(item), to: ImportedRepository(other), isDryRun: false))
            try await bring(push, to: lent.registry)
            #expect(try await !lent.registry.importStored(try image(item, sums: []), to: ImportedRepository(other), isDryRun: false))
            #expect(
                try await !lent.registry.importStored(
                    try image(item, sums: ["sha256:" + String(repeating: "0", count: 64)]), to: ImportedRepository(other), isDryRun: false))
            #expect(try await lent.registry.importStored(try image(item), to: ImportedRepository(other), isDryRun: true))
            #expect(try await !lent.registry.holdsChain(of: item.id, in: other))
            #expect(try await lent.registry.importStored(try image(item), to: ImportedRepository(other), isDryRun: false))
            #expect(try await lent.registry.holdsChain(of: item.id, in: other))
            #expect(try await lent.objectCount() == 1)
        }
    }

    @Test("a tag of ours is kept or, when asked for, moved, but never one that may not be; it never names half a chain")
    func tags() async throws {
        try await BlobPush.lend(immutableTags: ["*:fixed"]) { lent, _ in
            let (registry, push) = (lent.registry, try Push("team/app"))
            let (base, top) = (try #require(push.items.first).id, try push.top)
            try await bring(push, to: registry)
            let name = push.name
            func set(_ text: String, _ target: ImportedTag.Target, isReplacing: Bool, isDryRun: Bool = false) async throws -> TagImport {
                try await registry.importTag(
                    try tag(text, target), to: ImportedRepository(name), isReplacing: isReplacing, isDryRun: isDryRun)
            }
            for text in ["latest", "fixed"] {
                #expect(try await set(text, .image(base), isReplacing: false, isDryRun: true) == .set)
                #expect(try await set(text, .image(base), isReplacing: false) == .set)
                for isDryRun in [true, false] { #expect(try await set(text, .image(top), isReplacing: false, isDryRun: isDryRun) == .kept) }
            }
            for isDryRun in [true, false] {
                await #expect(throws: RegistryError.tagImmutable(try #require(Tag("fixed")))) {
                    try await set("fixed", .image(top), isReplacing: true, isDryRun: isDryRun)
                }
                #expect(try await registry.tag(.latest, of: name)?.imageID == base.text)
                #expect(try await set("latest", .image(top), isReplacing: true, isDryRun: isDryRun) == .moved)
            }
            #expect(try await registry.tag(.latest, of: name)?.imageID == top.text)
            let unknown = try #require(ImageID(String(repeating: "f", count: 64)))
            await #expect(throws: RegistryError.imageUnknown) { try await set("new", .image(unknown), isReplacing: false) }
            await #expect(throws: RegistryError.manifestUnknown) {
                try await set("new", .manifest(BlobPush.digest("x")), isReplacing: false)
            }
        }
    }

    @Test("a repository is private before anything comes into it, and what comes later makes it so again; a description of ours stays")
    func preparation() async throws {
        try await BlobPush.lend { lent, _ in
            let push = try Push("team/app")
            let target = ImportedRepository(push.name, isPrivate: true, description: "theirs")
            let items = try push.items.map { (try image($0), $0.layer) }
            try await lent.registry.importImage(items[0].0, layer: Push.body(items[0].1), to: target, isDryRun: false)
            #expect(try await lent.registry.repository(push.name).isPrivate)
            #expect(try await lent.registry.repository(push.name).description == "theirs")
            try await lent.registry.describe(push.name, "ours")
            try await lent.registry.setPrivate(false, push.name)
            #expect(
                try await lent.registry.importTag(tag("base", .image(push.items[0].id)), to: target, isReplacing: false, isDryRun: true)
                    == .set)
            #expect(try await !lent.registry.isPrivate(push.name))
            try await lent.registry.importImage(items[1].0, layer: Push.body(items[1].1), to: target, isDryRun: false)
            #expect(try await lent.registry.isPrivate(push.name))
            #expect(try await lent.registry.repository(push.name).description == "ours")
        }
    }

    @Test("blobs that are here are linked without being read, and others are handed over once they were compared")
    func blobs() async throws {
        try await BlobPush.lend { lent, _ in
            let (name, other) = (try #require(BlobPush.name), try #require(BlobPush.other))
            let digest = try await lent.push("bytes")
            #expect(try await lent.registry.presence(of: digest, in: name) == .linked)
            #expect(try await lent.registry.presence(of: digest, in: other) == .stored)
            #expect(try await lent.registry.linkStored(digest, to: other))
            #expect(try await lent.holds(digest, in: other))
            let absent = BlobPush.digest("new bytes")
            #expect(try await lent.registry.presence(of: absent, in: name) == .absent)
            #expect(try await !lent.registry.linkStored(absent, to: name))
            let store = lent.store
            let handover: BlobHandover = { key in
                try await store.write { writer in
                    try await writer.write([ByteBuffer(string: "new bytes")])
                    return key
                }
                return true
            }
            await #expect(throws: RegistryError.digestMismatch) {
                try await lent.registry.takeOver(BlobPush.body("other bytes"), size: 11, as: absent, in: name, by: handover)
            }
            #expect(try await lent.objectCount() == 1)
            #expect(
                try await !lent.registry.takeOver(BlobPush.body("new bytes"), size: 9, as: absent, in: name) { _ in false })
            #expect(try await !lent.holds(absent))
            #expect(try await lent.registry.takeOver(BlobPush.body("new bytes"), size: 9, as: absent, in: name, by: handover))
            #expect(try await lent.holds(absent))
        }
    }

    @Test("a blob that a sweep took away between its bytes and its row is refused, and comes when it is asked for again")
    func fence() async throws {
        try await BlobPush.lend { lent, _ in
            let (name, digest, store) = (try #require(BlobPush.name), BlobPush.digest("bytes"), lent.store)
            let write: BlobHandover = { key in
                try await store.write { writer in
                    try await writer.write([ByteBuffer(string: "bytes")])
                    return key
                }
                return true
            }
            await #expect(throws: RegistryError.removalUnderway) {
                try await lent.registry.takeOver(BlobPush.body("bytes"), size: 5, as: digest, in: name) { key in
                    _ = try await write(key)
                    lent.pass(2000)
                    #expect(try await lent.sweep().strays.count == 1)
                    return true
                }
            }
            #expect(try await lent.registry.takeOver(BlobPush.body("bytes"), size: 5, as: digest, in: name, by: write))
            #expect(try await lent.holds(digest))
        }
    }
}

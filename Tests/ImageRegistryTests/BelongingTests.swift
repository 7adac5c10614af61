import Database
import ImageModel
import ImageRegistry
import RegistryTesting
import Storage
import Testing

@Suite("Images belong to their repository")
struct BelongingTests {
    @Test("two tenants push one id with different bytes, and each gets back its own")
    func twoTenants() async throws {
        let one = try Push("one/app", salt: "of one")
        let other = try Push("other/app", salt: "of the other")
        #expect(try one.top == other.top)
        try await TestRegistry.lend { database in
            let registry = TestRegistry.over(database, MemoryStore())
            try await one.run(on: registry)
            await #expect(throws: RegistryError.imageUnknown) { try await registry.image(other.top, in: other.scope) }
            try await other.run(on: registry)
            try await one.check(on: registry)
            try await other.check(on: registry)
            await #expect(throws: RegistryError.imageAmbiguous) {
                try await registry.image(one.top, in: ImageScope(repository: nil, caller: .anyone))
            }
            await #expect(throws: RegistryError.imageAmbiguous) {
                try await registry.layer(of: one.top, in: ImageScope(repository: nil, caller: .anyone))
            }
        }
    }

    @Test("one image in two repositories is stored once, and needs no repository to be read")
    func shared() async throws {
        let one = try Push("one/app")
        let other = try Push("other/app")
        try await TestRegistry.lend { database in
            let registry = TestRegistry.over(database, MemoryStore())
            try await one.run(on: registry)
            try await other.run(on: registry)
            #expect(try await registry.image(one.top, in: ImageScope(repository: nil, caller: .anyone)).document == one.items[1].document)
            #expect(try await database.read { try $0.rows("SELECT digest FROM blob").count } == one.items.count)
            try await registry.delete(one.name)
            await #expect(throws: RegistryError.imageUnknown) { try await registry.image(one.top, in: one.scope) }
            await #expect(throws: RegistryError.repositoryUnknown) { try await registry.tags(of: one.name) }
            try await other.check(on: registry)
        }
    }

    @Test("what one repository has private is private in an answer that names none")
    func privacy() async throws {
        let one = try Push("one/app")
        let other = try Push("other/app")
        try await TestRegistry.lend { database in
            let registry = TestRegistry.over(database, MemoryStore())
            try await registry.setPrivate(true, other.name)
            try await one.run(on: registry)
            try await other.run(on: registry)
            #expect(try await registry.image(one.top, in: one.scope).isPrivate == false)
            #expect(try await registry.image(one.top, in: ImageScope(repository: nil, caller: .anyone)).isPrivate)
            #expect(try await registry.ancestry(of: one.top, in: ImageScope(repository: nil, caller: .anyone)).isPrivate)
        }
    }

    @Test("an image cannot be begun as a descendant of itself")
    func cycle() async throws {
        let push = try Push("team/app", count: 2)
        try await TestRegistry.lend { database in
            let registry = TestRegistry.over(database, MemoryStore())
            for item in push.items { try await registry.beginImage(item.id, document: item.document, offered: [], in: push.scope) }
            let base = push.items[0].id
            let turned = Array(#"{"id":"\#(base)","parent":"\#(try push.top)"}"#.utf8)
            await #expect(throws: RegistryError.parentUnknown) {
                try await registry.beginImage(base, document: turned, offered: [], in: push.scope)
            }
        }
    }

    @Test("eight pushes of one image at once all succeed or are told to retry, and one of them is what stays")
    func atOnce() async throws {
        let push = try Push("team/app", count: 3)
        try await TestRegistry.lend { database in
            let registry = TestRegistry.over(database, MemoryStore())
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do { try await push.run(on: registry) } catch {
                            #expect(error is RegistryError, "\(error)")
                        }
                    }
                }
            }
            try await push.run(on: registry)
            try await push.check(on: registry)
        }
    }
}

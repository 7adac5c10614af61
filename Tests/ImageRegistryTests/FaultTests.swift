import Database
import ImageRegistry
import LayerArchive
import NIOCore
import RegistryTesting
import Storage
import Testing

@Suite("A push that fails at any step can be repeated")
struct FaultTests {
    @Test("every call of catalog and store fails once; afterwards nothing half-written shows, and the same push goes through")
    func everyStep() async throws {
        let push = try Push("team/app")
        let steps = FaultCounter(failing: nil)
        try await TestRegistry.lend { database in
            try await push.run(
                on: TestRegistry.over(FailingDatabase(database, counter: steps), FailingStore(MemoryStore(), counter: steps)))
        }
        #expect(steps.calls > 30)
        for failing in 1...steps.calls {
            try await TestRegistry.lend { database in
                let store = MemoryStore()
                let counter = FaultCounter(failing: failing)
                let faulty = TestRegistry.over(FailingDatabase(database, counter: counter), FailingStore(store, counter: counter))
                // Engines take a failed look-up for "absent", so this one fault is not seen by the push at all.
                try? await push.run(on: faulty)
                #expect(counter.calls >= failing)
                let registry = TestRegistry.over(database, store)
                try await Self.checkInvariants(registry, push)
                try await push.run(on: registry)
                try await push.check(on: registry)
            }
        }
    }

    /// What can be read at all can be read whole; a tag names only what can.
    private static func checkInvariants(_ registry: Registry, _ push: Push) async throws {
        for item in push.items {
            guard let image = try? await registry.image(item.id, in: push.scope) else { continue }
            #expect(image.document == item.document)
            #expect(try await Push.bytes(registry.layer(of: item.id, in: push.scope)) == item.layer)
        }
        if try await registry.tag(push.tag, of: push.name) != nil { try await push.check(on: registry) }
    }

    @Test("bytes that the store has lost are a failure and not an unknown image")
    func lost() async throws {
        let push = try Push("team/app")
        try await TestRegistry.lend { database in
            try await push.run(on: TestRegistry.over(database, MemoryStore()))
            let registry = TestRegistry.over(database, MemoryStore())
            let error = await #expect(throws: (any Error).self) { try await registry.layer(of: push.top, in: push.scope) }
            #expect(!(error is RegistryError))
        }
    }

    @Test("a body that is cut off leaves the image open and nothing in the store")
    func cutOff() async throws {
        let push = try Push("team/app", count: 1)
        try await TestRegistry.lend { database in
            let registry = TestRegistry.over(database, MemoryStore())
            let item = try #require(push.items.first)
            try await registry.beginImage(item.id, document: item.document, offered: [], in: push.scope)
            let body = AsyncThrowingStream { continuation in
                continuation.yield(ByteBuffer(string: "half"))
                continuation.finish(throwing: InjectedFault())
            }
            await #expect(throws: InjectedFault.self) { try await registry.receiveLayer(body, of: item.id, in: push.scope) }
            await #expect(throws: RegistryError.layerMissing) {
                try await registry.offer([.payload(item.sum)], for: item.id, in: push.scope)
            }
            #expect(try await database.read { try $0.rows("SELECT digest FROM blob").isEmpty })
            try await push.run(on: registry)
            try await push.check(on: registry)
        }
    }
}

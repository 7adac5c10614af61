import Credentials
import ImageModel
import ImageRegistry
import Testing

@Suite("Tenants: nobody's images become somebody else's")
struct TenantTests {
    static let policy = AccessPolicy(allowsAnonymousPull: true, makesPrivateRepositories: true)
    static let hidden = RepositoryName("alice/hidden")

    @Test("what waits unclaimed is claimed by its own pusher only")
    func unclaimed() async throws {
        try await AccessTests.lend(Self.policy) { registry, callers in
            let alice = try #require(callers.first { $0.0 == "alice" }?.1)
            let stranger = try #require(callers.first { $0.0 == "stranger" }?.1)
            let id = try #require(ImageID(String(repeating: "a", count: 64)))
            let document = Array(#"{"id":"\#(id)"}"#.utf8)
            try await registry.beginImage(id, document: document, offered: [], in: ImageScope(repository: nil, caller: stranger))
            let name = try #require(Self.hidden)
            let agent = PushAgent(dockerVersion: nil, goVersion: nil, architecture: nil, operatingSystem: nil, kernel: nil)
            for repository in [nil, name] {
                await #expect(throws: RegistryError.imageUnknown) {
                    try await registry.setTag(.latest, of: name, to: id, in: ImageScope(repository: repository, caller: alice), by: agent)
                }
            }
            await #expect(throws: RegistryError.imageUnknown) {
                try await registry.image(id, in: ImageScope(repository: nil, caller: alice))
            }
            await #expect(throws: RegistryError.imageBeingUploaded) {
                try await registry.image(id, in: ImageScope(repository: nil, caller: stranger))
            }
        }
    }

    @Test("an image that somebody has declared is not pushed into their repository by another")
    func declared() async throws {
        try await AccessTests.lend(Self.policy) { registry, callers in
            let stranger = try #require(callers.first { $0.0 == "stranger" }?.1)
            let id = try #require(ImageID(String(repeating: "b", count: 64)))
            let name = try #require(Self.hidden)
            try await registry.declare([DeclaredImage(id: id)], in: name)
            try await registry.beginImage(
                id, document: Array(#"{"id":"\#(id)"}"#.utf8), offered: [], in: ImageScope(repository: nil, caller: stranger))
            await #expect(throws: RegistryError.imageUnknown) {
                try await registry.image(id, in: ImageScope(repository: name, caller: .anyone))
            }
        }
    }
}

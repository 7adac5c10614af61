import ImageModel
import ImageRegistry
import RegistryWire
import Testing

/// field.md §4.2, class H: what is taken away is gone at the next request, whatever was handed out or remembered before.
@Suite("Class H: rights that linger")
struct RevocationTests {
    /// Something that takes rights away, and what a credential is worth then.
    struct Revocation: Sendable, CustomTestStringConvertible {
        let name: String
        /// Who loses something, and of which repository.
        let user: String
        let repository: String
        let make: @Sendable (AccountsServer, PermissionWorld) async throws -> Void
        /// The status of reading and of writing, by the password and by what was handed out for it. A cookie that is good no more is no
        /// cookie, and its bearer nobody: 401.
        let password: (read: Int, write: Int)
        let token: (read: Int, write: Int)
        let cookie: (read: Int, write: Int)

        var testDescription: String { name }
    }

    static let revocations: [Revocation] = [
        Revocation(
            name: "a collaborator is removed", user: "wanda", repository: "alice/private",
            make: { server, world in
                try await server.registry.removeCollaborator(
                    try PermissionWorld.user("wanda"), on: try world.repository("alice/private").name)
            }, password: (404, 403), token: (404, 403), cookie: (404, 403)),
        Revocation(
            name: "a collaborator may only read now", user: "wanda", repository: "alice/private",
            make: { server, world in
                try await server.registry.setCollaborator(
                    try PermissionWorld.user("wanda"), .read, on: try world.repository("alice/private").name)
            }, password: (200, 403), token: (200, 403), cookie: (200, 403)),
        Revocation(
            name: "a member is removed", user: "paul", repository: "acme/private",
            make: { server, _ in
                try await server.registry.removeMember(try PermissionWorld.user("paul"), of: try PermissionWorld.user("acme"))
            }, password: (404, 403), token: (404, 403), cookie: (404, 403)),
        Revocation(
            name: "an administrator is none any more", user: "root", repository: "alice/private",
            make: { server, _ in try await server.registry.setAdministrator(false, try PermissionWorld.user("root")) },
            password: (404, 403), token: (404, 403), cookie: (404, 403)),
        Revocation(
            name: "the password is changed", user: "alice", repository: "alice/private",
            make: { server, _ in
                try await server.registry.setPassword(try AccountsServer.hash("a new secret"), of: try PermissionWorld.user("alice"))
            }, password: (401, 401), token: (401, 401), cookie: (401, 401)),
        Revocation(
            name: "the account is disabled", user: "alice", repository: "alice/private",
            make: { server, _ in try await server.registry.setState(.disabled, of: try PermissionWorld.user("alice")) },
            password: (403, 403), token: (403, 403), cookie: (401, 401)),
        Revocation(
            name: "the account is unconfirmed again", user: "alice", repository: "alice/private",
            make: { server, _ in try await server.registry.setState(.unconfirmed, of: try PermissionWorld.user("alice")) },
            password: (403, 403), token: (403, 403), cookie: (401, 401)),
    ]

    @Test("password, token and cookie are worth what is left, from the next request on", arguments: revocations)
    func next(revocation: Revocation) async throws {
        try await BugWorld.lend { world, server in
            let planted = try world.repository(revocation.repository)
            let basic = [PermissionWorld.basic(revocation.user)]
            let handed = try await server.writeToken(for: revocation.repository, by: revocation.user)
            let token = [AccountsServer.token(handed.token)]
            let cookie = ["Cookie: \(try #require(handed.cookie))"]
            let reads = [
                "GET /v1/repositories/\(planted.name)/tags", "GET /v1/repositories/\(planted.name)/tags/latest",
                "GET /v1/images/\(planted.image.id)/ancestry", "GET /v1/images/\(planted.image.id)/json",
                "GET /v1/images/\(planted.image.id)/layer", "GET /v1/repositories/\(planted.name)/images",
            ]
            // Twice, so that whatever is kept is kept.
            for read in reads + reads {
                for fields in [basic, token, cookie] { #expect(try await server.send(read, fields).code == 200, "\(read)") }
            }
            try await revocation.make(server, world)
            let before = try await CatalogDump(server.database)
            for (fields, expected) in [(basic, revocation.password), (token, revocation.token), (cookie, revocation.cookie)] {
                for read in reads {
                    let answer = try await server.send(read, fields)
                    #expect(answer.code == expected.read, "\(read) \(fields[0].prefix(16)): \(answer.status)")
                }
                let write = "PUT /v1/repositories/\(planted.name)/tags/latest"
                let answer = try await server.send(write, fields, body: "\"\(planted.image.id)\"")
                #expect(answer.code == expected.write, "\(write) \(fields[0].prefix(16)): \(answer.status)")
            }
            let search = try await server.send("GET /v1/search?q=\(planted.name.text)", token)
            let found = FoundPage(search.body)?.names ?? []
            #expect(found == (revocation.token.read == 200 ? [planted.name.text] : []))
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("a revoked key, and the token that it was given, are nobody's from the next request on")
    func key() async throws {
        try await BugWorld.lend { world, server in
            let key = try #require(world.keys[.writeKey])
            let basic = AccountsServer.basic("alice", key)
            let answer = try await server.send("PUT /v1/repositories/alice/private/", [basic], body: "[]")
            let token = AccountsServer.token(try #require(answer.values(of: "x-docker-token").first))
            let cookie = "Cookie: \(try #require(answer.values(of: "set-cookie").first).prefix { $0 != ";" })"
            let read = "GET /v1/repositories/alice/private/tags"
            for field in [basic, token, cookie, basic, token, cookie] { #expect(try await server.send(read, [field]).code == 200) }
            try await server.registry.revokeKey(named: "write", of: try PermissionWorld.user("alice"))
            for field in [basic, token, cookie] { #expect(try await server.send(read, [field]).code == 401) }
            // Another of the same name is another.
            _ = try await server.registry.createKey(
                named: "write", for: try PermissionWorld.user("alice"), access: .write, repositories: [], expiresAt: nil)
            for field in [basic, token, cookie] { #expect(try await server.send(read, [field]).code == 401) }
            #expect(try await server.send(read, [PermissionWorld.basic("alice")]).code == 200)
        }
    }

    @Test("a key's token does not outlive the key's day")
    func expiringKey() async throws {
        let clock = TestClock(TestServer.now)
        try await BugWorld.lend({ $0.now = { clock.time } }) { world, server in
            let basic = AccountsServer.basic("alice", try #require(world.keys[.adminKey]))
            let answer = try await server.send("PUT /v1/repositories/alice/private/", [basic], body: "[]")
            let token = AccountsServer.token(try #require(answer.values(of: "x-docker-token").first))
            let read = "GET /v1/repositories/alice/private/tags"
            for field in [basic, token] { #expect(try await server.send(read, [field]).code == 200) }
            clock.time += 2
            #expect(try await server.send(read, [basic]).code == 401)
            #expect(try await server.send(read, [token]).code == 401)
        }
    }

    @Test("a public repository that is made private is gone for everybody else at once")
    func madePrivate() async throws {
        try await BugWorld.lend { world, server in
            let planted = try world.repository("alice/public")
            let stan = PermissionWorld.basic("stan")
            let answer = try await server.send("GET /v1/repositories/alice/public/images", [stan])
            let token = AccountsServer.token(try #require(answer.values(of: "x-docker-token").first))
            let reads = [
                "GET /v1/repositories/alice/public/tags", "GET /v1/images/\(planted.image.id)/ancestry",
                "GET /v1/images/\(planted.image.id)/layer",
            ]
            for read in reads + reads {
                for fields in [[], [stan], [token]] { #expect(try await server.send(read, fields).code == 200) }
            }
            try await server.registry.setPrivate(true, planted.name)
            for read in reads {
                #expect(try await server.send(read).code == 401)
                for fields in [[stan], [token]] { #expect(try await server.send(read, fields).code == 404) }
            }
        }
    }
}

import Foundation
import ImageModel
import ImageRegistry
import Testing

/// field.md §4.2, classes H and I: what a bearer token is good for, and how long.
@Suite("Class I: the reach and the life of bearer tokens")
struct BearerScopeTests {
    private static func scope(_ name: String, _ actions: String = "pull") -> String { "repository:\(name):\(actions)" }

    @Test("scopes that mean nothing give nothing", arguments: ["root", "stan"])
    func scopes(user: String) async throws {
        try await BugWorld.lend { _, server in
            let client = DistributionClient.user(user, server)
            for scope in [
                "repository:*:*", "repository:alice/*:pull", "repository:alice/:pull", "repository::pull", "repository:/alice/private:pull",
                "repository:alice/../alice/private:pull", "repository:alice//private:pull", "repository:Alice/private:pull",
                "repository:alice/private", "repository:alice/private:", "repository", "", ":", "::", "repository:alice/private:admin",
                "repository:alice/private:PULL", "user:alice:*", "registry:*:*", "*:*:*", "*",
                "repository:~stan:pull", "repository:alice%2F%2E%2E%2Fprivate:pull",
                "repository:host:5000/alice/private:pull", "registry:users:*", "repository:alice/private:pu,ll", "repo:alice/private:pull",
            ] {
                let granted = try await client.grant([scope])
                #expect(granted.access.isEmpty, "\(scope): \(granted.access)")
            }
        }
    }

    @Test("nobody in particular lists what is public, with a token for it, and nothing else")
    func anonymousList() async throws {
        let scopes = ["registry:catalog:*"]
        try await BugWorld.lend { _, server in
            let nobody = try await DistributionClient(server, []).bearing(scopes)
            let listed = try #require(CatalogPage(try await nobody.expect(200, "GET /v2/_catalog").body))
            #expect(listed.repositories == ["acme/public", "alice/public", "base"])
            try await nobody.expect(401, "GET /v2/alice/public/tags/list")
            let root = try await DistributionClient.user("root", server).bearing(scopes)
            try await root.expect(200, "GET /v2/_catalog")
            for path in ["alice/public/tags/list", "alice/private/tags/list", "alice/private/manifests/two"] {
                try await root.expect(401, "GET /v2/\(path)")
            }
        }
        try await BugWorld.lend({ $0.allowsAnonymousPull = false }) { _, server in
            let nobody = try await DistributionClient(server, []).bearing(scopes)
            try await nobody.expect(401, "GET /v2/_catalog")
        }
    }

    @Test("a token does not say what is there and what is not")
    func enumeration() async throws {
        try await BugWorld.lend { _, server in
            for client in [DistributionClient.user("stan", server), DistributionClient(server, [])] {
                for name in ["alice/private", "alice/absent", "nowhere/app"] {
                    let granted = try await client.grant([Self.scope(name, "pull,push,delete,*")])
                    #expect(granted.access.isEmpty, "\(name): \(granted.access)")
                }
            }
        }
    }

    @Test("one repository's token opens no other whose name begins or ends like it")
    func names() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let layer = try world.repository("alice/private").content.layer
            for name in ["alice/private2", "alice/privat", "alice/private/deeper"] {
                try await alice.push(layer, to: name)
            }
            let bearing = try await alice.bearing([Self.scope("alice/private", "*")])
            for name in ["alice/private2", "alice/privat", "alice/private/deeper", "alice/other", "alice/public"] {
                for (head, body) in [
                    ("GET /v2/\(name)/tags/list", nil), ("POST /v2/\(name)/blobs/uploads/", []), ("DELETE /v2/\(name)", []),
                    ("GET /v2/\(name)/blobs/\(layer.digest)", nil),
                ] as [(String, [UInt8]?)] {
                    let answer = try await bearing.expect(401, head, [], body)
                    let challenge = answer.values(of: "www-authenticate").first.flatMap { BearerChallenge($0) }
                    #expect(
                        challenge?.error == "insufficient_scope" && challenge?.scope?.hasPrefix("repository:\(name):") == true, "\(head)")
                }
            }
            try await bearing.expect(200, "GET /v2/alice/private/blobs/\(layer.digest)")
        }
    }

    @Test("several scopes, in one parameter or in many, and both spellings of an official name")
    func several() async throws {
        try await BugWorld.lend { _, server in
            let alice = DistributionClient.user("alice", server)
            for scopes in [
                [Self.scope("alice/private", "pull,push"), Self.scope("alice/other")],
                ["\(Self.scope("alice/private", "pull,push"))%20\(Self.scope("alice/other"))"],
                ["\(Self.scope("alice/private"))+\(Self.scope("alice/private", "push"))+\(Self.scope("alice/other"))"],
            ] {
                let bearing = try await alice.bearing(scopes)
                try await bearing.expect(202, "POST /v2/alice/private/blobs/uploads/", [], [])
                try await bearing.expect(200, "GET /v2/alice/other/tags/list")
                try await bearing.expect(401, "POST /v2/alice/other/blobs/uploads/", [], [])
            }
            for name in ["base", "library/base"] {
                let bearing = try await alice.bearing([Self.scope(name)])
                for path in ["base", "library/base"] { try await bearing.expect(200, "GET /v2/\(path)/tags/list") }
            }
        }
    }

    @Test("who is asked for in `account` and `client_id` is not who gets it, and nor is the service a caller's choice")
    func account() async throws {
        try await BugWorld.lend { world, server in
            let service = world.service
            for query in [
                "account=root&", "account=alice&client_id=root&", "username=alice&password=x&", "sub=root&", "aud=other&iss=other&",
            ] {
                let answer = try await server.send(
                    "GET /v2/token?\(query)service=\(service)&scope=\(Self.scope("alice/private", "*"))", [PermissionWorld.basic("stan")])
                guard answer.code == 200 else { continue }
                let granted = try #require(GrantedToken(answer.body))
                #expect(granted.access.isEmpty)
            }
            let other = try await server.send(
                "GET /v2/token?service=another.example&scope=\(Self.scope("alice/private"))", [PermissionWorld.basic("alice")])
            if other.code == 200 {
                let json = try #require(GrantedToken(other.body).flatMap { GrantedToken.payload(of: $0.token) })
                #expect(!json.contains("another.example"), "\(json)")
            }
        }
    }

    @Test("what is taken away is gone at the next request, also for the bearer of a token and of a refresh token")
    func revoked() async throws {
        struct Case: Sendable {
            let name: String
            let user: String
            let make: @Sendable (AccountsServer, PermissionWorld) async throws -> Void
            let read: Int
            let write: Int
            let refreshes: Bool
        }
        let cases = [
            Case(
                name: "removed", user: "wanda",
                make: { server, world in
                    try await server.registry.removeCollaborator(
                        try PermissionWorld.user("wanda"), on: try world.repository("alice/private").name)
                }, read: 404, write: 403, refreshes: true),
            Case(
                name: "may only read", user: "wanda",
                make: { server, world in
                    try await server.registry.setCollaborator(
                        try PermissionWorld.user("wanda"), .read, on: try world.repository("alice/private").name)
                }, read: 200, write: 403, refreshes: true),
            Case(
                name: "another password", user: "wanda",
                make: { server, _ in
                    try await server.registry.setPassword(try AccountsServer.hash("new"), of: try PermissionWorld.user("wanda"))
                }, read: 401, write: 401, refreshes: false),
            Case(
                name: "disabled", user: "wanda",
                make: { server, _ in try await server.registry.setState(.disabled, of: try PermissionWorld.user("wanda")) },
                read: 403, write: 403, refreshes: false),
            Case(
                name: "no administrator", user: "root",
                make: { server, _ in try await server.registry.setAdministrator(false, try PermissionWorld.user("root")) },
                read: 404, write: 403, refreshes: true),
        ]
        for item in cases {
            try await BugWorld.lend { world, server in
                let content = try world.repository("alice/private").content
                let basic = DistributionClient.user(item.user, server)
                let granted = try await basic.grant([Self.scope("alice/private", "pull,push,delete")], offline: true)
                let bearing = DistributionClient(server, [DistributionClient.bearer(granted.token)])
                let reads = [
                    "GET /v2/alice/private/manifests/two", "GET /v2/alice/private/manifests/\(content.manifest.digest)",
                    "GET /v2/alice/private/blobs/\(content.layer.digest)", "GET /v2/alice/private/tags/list",
                ]
                for client in [basic, bearing] {
                    for read in reads + reads { try await client.expect(200, read) }
                }
                try await item.make(server, world)
                let before = try await CatalogDump(server.database)
                for client in [basic, bearing] {
                    for read in reads {
                        let answer = try await client.send(read)
                        #expect(answer.code == item.read, "\(item.name), \(read): \(answer.status)")
                    }
                    for (head, body) in [
                        ("POST /v2/alice/private/blobs/uploads/", []), ("DELETE /v2/alice/private/manifests/two", []),
                        ("PUT /v2/alice/private/manifests/new", content.manifest.bytes),
                    ] as [(String, [UInt8])] {
                        let answer = try await client.send(head, ["Content-Type: \(PlantedContent.imageType)"], body)
                        #expect(answer.code == item.write, "\(item.name), \(head): \(answer.status)")
                    }
                }
                let refreshed = try await Self.refresh(try #require(granted.refreshToken), world.service, server)
                #expect((refreshed.code == 200) == item.refreshes, "\(item.name): \(refreshed.status) \(refreshed.text)")
                if let again = GrantedToken(refreshed.body) {
                    #expect((again.access["repository:alice/private"] ?? []) == (item.read == 200 ? ["pull"] : []), "\(item.name)")
                }
                #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            }
        }
    }

    private static func refresh(_ token: String, _ service: String, _ server: AccountsServer) async throws -> Received {
        let form = ["Content-Type: application/x-www-form-urlencoded"]
        let scope = "repository%3Aalice%2Fprivate%3Apull%2Cpush%2Cdelete"
        return try await server.send(
            "POST /v2/token", form,
            body: "grant_type=refresh_token&service=\(service)&client_id=test&scope=\(scope)&refresh_token=\(token)")
    }

    @Test("a key's tokens are worth what the key is, and die with it")
    func keys() async throws {
        try await BugWorld.lend { world, server in
            let basic = DistributionClient(server, [AccountsServer.basic("alice", try #require(world.keys[.writeKey]))])
            let granted = try await basic.grant([Self.scope("alice/private", "pull,push,delete,*")], offline: true)
            #expect(granted.access == ["repository:alice/private": ["delete", "pull", "push"]])
            let bearing = DistributionClient(server, [DistributionClient.bearer(granted.token)])
            for client in [basic, bearing] { try await client.expect(200, "GET /v2/alice/private/tags/list") }
            #expect(try await bearing.send("DELETE /v2/alice/private", [], []).code >= 400)
            try await server.registry.revokeKey(named: "write", of: try PermissionWorld.user("alice"))
            for client in [basic, bearing] { try await client.expect(401, "GET /v2/alice/private/tags/list") }
            let refreshed = try await Self.refresh(try #require(granted.refreshToken), world.service, server)
            #expect((400..<500).contains(refreshed.code))
            // Another of the same name is another.
            _ = try await server.registry.createKey(
                named: "write", for: try PermissionWorld.user("alice"), access: .write, repositories: [], expiresAt: nil)
            for client in [basic, bearing] { try await client.expect(401, "GET /v2/alice/private/tags/list") }
        }
    }

    @Test("a token is good from when it is given, for as long as it says, and no longer than its key")
    func life() async throws {
        let clock = TestClock(TestServer.now)
        try await BugWorld.lend({ $0.now = { clock.time } }) { world, server in
            let alice = DistributionClient.user("alice", server)
            let granted = try await alice.grant([Self.scope("alice/private")], offline: true)
            let bearing = DistributionClient(server, [DistributionClient.bearer(granted.token)])
            let key = DistributionClient(server, [AccountsServer.basic("alice", try #require(world.keys[.adminKey]))])
            let ofKey = try await key.bearing([Self.scope("alice/private")])
            let read = "GET /v2/alice/private/tags/list"
            for (time, code) in [(0, 200), (299, 200), (400, 401), (86_400, 401), (-86_400, 401), (0, 200)] {
                clock.time = TestServer.now + Int64(time)
                let answer = try await bearing.send(read)
                #expect(answer.code == code, "after \(time) s: \(answer.status)")
            }
            try await ofKey.expect(200, read)
            clock.time = TestServer.now + 2
            try await ofKey.expect(401, read)
            // A refresh token lives longer, and not for ever.
            let refresh = try #require(granted.refreshToken)
            clock.time = TestServer.now + 89 * 86_400
            #expect(try await Self.refresh(refresh, world.service, server).code == 200)
            clock.time = TestServer.now + 91 * 86_400
            #expect((400..<500).contains(try await Self.refresh(refresh, world.service, server).code))
        }
    }

    @Test("a refresh token is handed out for credentials alone, and to nobody in particular")
    func offline() async throws {
        try await BugWorld.lend { world, server in
            let nobody = try await DistributionClient(server, []).grant([], offline: true)
            #expect(nobody.refreshToken == nil)
            let plain = try await DistributionClient.user("alice", server).grant([])
            #expect(plain.refreshToken == nil)
            // One token is no way to another: not by GET, and not to a longer life.
            let granted = try await DistributionClient.user("alice", server).grant([Self.scope("alice/private")], offline: true)
            for token in [granted.token, try #require(granted.refreshToken)] {
                let answer = try await server.send(
                    "GET /v2/token?service=\(world.service)&offline_token=true&scope=\(Self.scope("alice/private", "*"))",
                    [DistributionClient.bearer(token)])
                #expect(answer.code == 401, "\(answer.status) \(answer.text)")
            }
            #expect((400..<500).contains(try await Self.refresh(granted.token, world.service, server).code))
        }
    }

    @Test("a token of a refresh token gives its user's rights of now, and no more than its key")
    func refreshed() async throws {
        try await BugWorld.lend { world, server in
            let key = DistributionClient(server, [AccountsServer.basic("alice", try #require(world.keys[.readKey]))])
            let refresh = try #require(try await key.grant([], offline: true).refreshToken)
            let granted = try #require(GrantedToken(try await Self.refresh(refresh, world.service, server).body))
            #expect(granted.access == ["repository:alice/private": ["pull"]])
            let bearing = DistributionClient(server, [DistributionClient.bearer(granted.token)])
            try await bearing.expect(200, "GET /v2/alice/private/tags/list")
            try await bearing.expect(403, "POST /v2/alice/private/blobs/uploads/", [], [])
        }
    }
}

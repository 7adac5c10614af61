import AccessTokens
import Crypto
import Foundation
import ImageModel
import ImageRegistry
import RegistryServer
import Testing

/// field.md §4.2, classes I and H: an access token is good for what it was given for, to whom it was given, and for as long.
@Suite("Class I and H: access tokens")
struct BearerTests {
    static let alice = PermissionWorld.basic("alice")
    static let read = "GET /v1/repositories/alice/private/tags"
    static let write = "PUT /v1/repositories/alice/private/tags/latest"

    private static func status(_ head: String, _ token: TokenReply, _ server: AccountsServer, _ world: PermissionWorld) async throws -> Int
    {
        let body = head.hasPrefix("PUT") ? "\"\(try world.repository("alice/private").image.id)\"" : nil
        return try await server.send(head, [token.bearer], body: body).code
    }

    @Test("a scope is a limit: for another repository, for less, or for none, whatever the holder may do")
    func scopes() async throws {
        try await BugWorld.lend { world, server in
            let requests = [
                Self.read, "GET /v1/repositories/alice/other/tags", Self.write, "DELETE /v1/repositories/alice/private/tags/absent",
                "PUT /v1/repositories/alice/private/properties", "GET /v2/alice/private/tags/list", "GET /v2/alice/other/tags/list",
                "POST /v2/alice/private/blobs/uploads/", "DELETE /v2/alice/private/manifests/absent", "GET /v2/_catalog",
            ]
            let cases: [(String, [Int])] = [
                ("", [403, 403, 403, 403, 403, 401, 401, 401, 401, 401]),
                ("repository:alice/private:pull", [200, 403, 403, 403, 403, 200, 401, 401, 401, 401]),
                ("repository:alice/private:push", [200, 403, 200, 403, 403, 200, 401, 202, 401, 401]),
                ("repository:alice/private:pull,push", [200, 403, 200, 403, 403, 200, 401, 202, 401, 401]),
                ("repository:alice/private:delete", [403, 403, 403, 404, 403, 401, 401, 401, 404, 401]),
                ("repository:alice/other:*", [403, 200, 403, 403, 403, 401, 200, 401, 401, 401]),
                ("registry:catalog:*", [403, 403, 403, 403, 403, 401, 401, 401, 401, 200]),
                ("repository:alice/private:*", [200, 403, 200, 404, 400, 200, 401, 202, 404, 401]),
            ]
            for (scope, expected) in cases {
                let token = try await server.token([scope], [Self.alice])
                var found: [Int] = []
                for request in requests { found.append(try await Self.status(request, token, server, world)) }
                #expect(found == expected, "\(scope)")
            }
        }
    }

    @Test("a token gives nobody a right, not even its holder")
    func rights() async throws {
        try await BugWorld.lend { world, server in
            let token = try await server.token(["repository:alice/private:pull,push"], [PermissionWorld.basic("wanda")])
            #expect(try await Self.status(Self.write, token, server, world) == 200)
            try await server.registry.setCollaborator(
                try PermissionWorld.user("wanda"), .read, on: try world.repository("alice/private").name)
            #expect(try await Self.status(Self.read, token, server, world) == 200)
            #expect(try await Self.status(Self.write, token, server, world) == 403)
            try await server.registry.removeCollaborator(
                try PermissionWorld.user("wanda"), on: try world.repository("alice/private").name)
            #expect(try await Self.status(Self.read, token, server, world) == 404)
        }
    }

    @Test("it is no login, no account's, and none of the images without a repository to push")
    func others() async throws {
        try await BugWorld.lend { world, server in
            let token = try await server.token(["repository:alice/private:*", "registry:catalog:*"], [Self.alice])
            let id = String(repeating: "ab", count: 32)
            for (head, body, expected) in [
                ("GET /v1/users/", nil, 401), ("PUT /v1/users/alice/", #"{"password":"a new secret"}"#, 403),
                ("PUT /v1/images/\(id)/json", #"{"id":"\#(id)"}"#, 403), ("GET /v2/token", nil, 401), ("GET /v2/", nil, 200),
                ("GET /v1/images/\(try world.repository("alice/private").image.id)/json", nil, 200),
                ("GET /v1/images/\(try world.repository("alice/other").image.id)/json", nil, 404),
                ("GET /v1/repositories/alice/private/layer/\(try world.repository("alice/other").image.id)/access", nil, 200),
            ] {
                let answer = try await server.send(head, [token.bearer], body: body)
                #expect(answer.code == expected, "\(head): \(answer.status) \(answer.text)")
                if head.hasSuffix("/access") { #expect(answer.text == #"{"access":false}"#) }
            }
        }
    }

    @Test("lists hold what the token is for; one for the catalog finds all that its holder may pull")
    func lists() async throws {
        try await BugWorld.lend { _, server in
            for (scope, expected) in [
                ("repository:alice/private:pull", ["alice/private"]), ("", []),
                ("registry:catalog:search", ["acme/public", "alice/other", "alice/private", "alice/public", "base"]),
            ] {
                let token = try await server.token([scope], [Self.alice])
                let page = try FoundNames(try await server.send("GET /v1/search?q=&n=100", [token.bearer]))
                #expect(page.names.sorted() == expected, "\(scope)")
            }
            let anonymous = try await server.token(["registry:catalog:*"])
            let page = try FoundNames(try await server.send("GET /v1/search?q=", [anonymous.bearer]))
            #expect(page.names.sorted() == ["acme/public", "alice/public", "base"])
        }
    }

    private struct FoundNames {
        let names: [String]

        init(_ answer: Received) throws {
            let page = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
            names = try #require(page["results"] as? [[String: Any]]).compactMap { $0["name"] as? String }
        }
    }

    @Test("it is over at its second, also where its answer was kept")
    func life() async throws {
        let clock = TestClock(TestServer.now)
        try await BugWorld.lend({ $0.now = { clock.time } }) { world, server in
            let token = try await server.token(["repository:alice/private:pull"], [Self.alice])
            for _ in 0..<2 { #expect(try await Self.status(Self.read, token, server, world) == 200) }
            clock.time += 299
            #expect(try await Self.status(Self.read, token, server, world) == 200)
            clock.time += 1
            for head in [Self.read, "GET /v2/alice/private/tags/list", "GET /v2/"] {
                #expect(try await Self.status(head, token, server, world) == 401)
            }
        }
    }

    /// Who takes what away.
    static let revocations: [(name: String, make: @Sendable (AccountsServer) async throws -> Void, status: Int)] = [
        (
            "password",
            { try await $0.registry.setPassword(try AccountsServer.hash("a new secret"), of: try PermissionWorld.user("alice")) }, 401
        ),
        ("state", { try await $0.registry.setState(.disabled, of: try PermissionWorld.user("alice")) }, 403),
    ]

    @Test("it dies with the password, and so does the refresh token", arguments: [0, 1])
    func revoked(index: Int) async throws {
        let revocation = Self.revocations[index]
        try await BugWorld.lend { world, server in
            let token = try await server.token(["repository:alice/private:pull"], [Self.alice], more: "&offline_token=true")
            let refreshToken = try #require(token.refreshToken)
            let form = "grant_type=refresh_token&refresh_token=\(refreshToken)"
            #expect(try await Self.status(Self.read, token, server, world) == 200)
            #expect(try await server.grant(form).code == 200)
            try await revocation.make(server)
            for head in [Self.read, "GET /v2/alice/private/tags/list"] {
                #expect(try await Self.status(head, token, server, world) == revocation.status)
            }
            #expect(try await server.grant(form).code == revocation.status)
        }
    }

    @Test("it dies with the key that it was given for, and so does the refresh token; what it leaves is the key's")
    func revokedKey() async throws {
        try await BugWorld.lend { world, server in
            let key = AccountsServer.basic("alice", try #require(world.keys[.readKey]))
            let token = try await server.token(["repository:alice/private:pull,push"], [key], more: "&offline_token=true")
            let form = "grant_type=refresh_token&refresh_token=\(try #require(token.refreshToken))&scope=repository:alice/private:*"
            #expect(try await Self.status(Self.read, token, server, world) == 200)
            let refreshed = try TokenReply(try await server.grant(form))
            #expect(try await server.granted(refreshed.token) == ["alice/private: pull"])
            try await server.registry.revokeKey(named: "read", of: try PermissionWorld.user("alice"))
            for token in [token, refreshed] { #expect(try await Self.status(Self.read, token, server, world) == 401) }
            #expect(try await server.grant(form).code == 401)
        }
    }

    @Test("an access token refreshes nothing, and a refresh token opens nothing")
    func confused() async throws {
        try await BugWorld.lend { world, server in
            let token = try await server.token(["repository:alice/private:*"], [Self.alice], more: "&offline_token=true")
            let refreshToken = try #require(token.refreshToken)
            #expect(try await server.grant("grant_type=refresh_token&refresh_token=\(token.token)").code == 401)
            #expect(try await server.grant("grant_type=password&username=alice&password=\(refreshToken)").code == 401)
            let repository = ",repository=\"alice/private\",access=write"
            for field in [
                "Bearer \(refreshToken)", "Basic \(Data("alice:\(refreshToken)".utf8).base64EncodedString())",
                "Basic \(Data("alice:\(token.token)".utf8).base64EncodedString())",
                "Token signature=\(refreshToken)\(repository)", "Token signature=\(token.token)\(repository)",
            ] {
                for head in [Self.read, "GET /v2/", "GET /v2/alice/private/tags/list", "GET /v2/token"] {
                    #expect(try await server.send(head, ["Authorization: \(field)"]).code == 401, "\(head) \(field.prefix(20))")
                }
            }
            // The index's token is none of these either.
            let text = try #require(world.tokens[.init(kind: .write, repository: "alice/private")])
            let signature = text.replacing("Token signature=", with: "").prefix { $0 != "," }
            #expect(try await server.send("GET /v2/", ["Authorization: Bearer \(signature)"]).code == 401)
            #expect(try await server.grant("grant_type=refresh_token&refresh_token=\(signature)").code == 401)
        }
    }

    @Test("a refresh token counts in every letter, and is over after its life")
    func refreshTokens() async throws {
        let clock = TestClock(TestServer.now)
        try await BugWorld.lend({ $0.now = { clock.time } }) { _, server in
            let token = try #require(try await server.token([], [Self.alice], more: "&offline_token=true").refreshToken)
            let letters = Array(token)
            for index in stride(from: 0, to: letters.count, by: 3) {
                var changed = letters
                changed[index] = changed[index] == "A" ? "B" : "A"
                #expect(try await server.grant("grant_type=refresh_token&refresh_token=\(String(changed))").code == 401, "letter \(index)")
            }
            for text in ["", "A", token + "A", token + "=", String(repeating: "A", count: 60_000)] {
                #expect([400, 401].contains(try await server.grant("grant_type=refresh_token&refresh_token=\(text)").code))
            }
            clock.time += 90 * 86_400 - 1
            let kept = try TokenReply(try await server.grant("grant_type=refresh_token&refresh_token=\(token)&access_type=offline"))
            #expect(kept.refreshToken == token)
            clock.time += 1
            #expect(try await server.grant("grant_type=refresh_token&refresh_token=\(token)").code == 401)
        }
    }

    @Test("another registry's tokens are none, nor those of a key that this one does not have")
    func foreign() async throws {
        try await BugWorld.lend { world, server in
            _ = try await server.token([])
            let key = SigningKey(createdAt: TestServer.now)
            let claims = TokenClaims(
                subject: "root", scopes: [GrantedScope(type: "repository", name: "alice/private", actions: ["*"])],
                issuedAt: TestServer.now, notBefore: TestServer.now, expiresAt: TestServer.now + 300, id: "x", binding: nil)
            let foreign = try await TokenIssuer(issuer: "wharf", service: "wharf").token(claims, with: key)
            #expect(try await server.send(Self.read, ["Authorization: Bearer \(foreign)"]).code == 401)
            // Even with our own key: who is root has to be shown by a credential, and the service has to be ours.
            let stored = try #require(try await server.registry.signingKeys().first)
            let own = try #require(SigningKey(rawRepresentation: stored.privateKey, createdAt: stored.createdAt))
            for (issuer, service) in [("wharf", "wharf"), ("wharf", "other"), ("other", "wharf")] {
                let token = try await TokenIssuer(issuer: issuer, service: service).token(claims, with: own)
                #expect(try await server.send(Self.read, ["Authorization: Bearer \(token)"]).code == 401, "\(issuer) \(service)")
            }
        }
    }

    @Test("what is no token at all is 401, and costs nothing", arguments: ["x", "..", "a.b.c", "e30.e30.", "Ā.Ā.Ā"])
    func garbage(text: String) async throws {
        try await BugWorld.lend { _, server in
            for head in [Self.read, "GET /v2/", "GET /v1/_ping"] {
                let answer = try await server.send(head, ["Authorization: Bearer \(text)"])
                #expect(answer.code == 401, "\(head)")
            }
            let dots = String(repeating: ".", count: 16_000)
            #expect(try await server.send("GET /v2/", ["Authorization: Bearer \(dots)"]).code == 401)
        }
    }
}

import AccessTokens
import Foundation
import ImageRegistry
import NIOConcurrencyHelpers
import RegistryServer
import Testing

@Suite("Tokens of a server elsewhere")
struct OutsideTokenServerTests {
    static let read = "GET /v1/repositories/alice/private/tags"

    /// A token server with a key that can be exchanged.
    struct Elsewhere: Sendable {
        let key = SigningKey(createdAt: 0)
        let keys: NIOLockedValueBox<VerificationKeySet>

        init() async throws {
            keys = NIOLockedValueBox(try await VerificationKeySet(file: VerificationKeySet.jwks(of: [key])))
        }

        var authority: AccessConfiguration.Authority {
            .tokenServer(
                OutsideTokenServer(
                    realm: "https://auth.example.com/token", service: "registry.example.com", issuer: "auth.example.com",
                    keys: { keys.withLockedValue(\.self) }))
        }

        func token(
            _ scopes: [GrantedScope], subject: String = "somebody", issuer: String = "auth.example.com",
            service: String = "registry.example.com", expiresAt: Int64 = TestServer.now + 60, key: SigningKey? = nil
        ) async throws -> [String] {
            let claims = TokenClaims(
                subject: subject, scopes: scopes, issuedAt: nil, notBefore: nil, expiresAt: expiresAt, id: nil, binding: nil)
            let token = try await TokenIssuer(issuer: issuer, service: service).token(claims, with: key ?? self.key)
            return ["Authorization: Bearer \(token)"]
        }
    }

    private static let pull = GrantedScope(type: "repository", name: "alice/private", actions: ["pull"])

    @Test("a token says who it is and what may be done, and nothing else lets anybody in")
    func tokens() async throws {
        let elsewhere = try await Elsewhere()
        try await BugWorld.lend({ $0.authority = elsewhere.authority }) { world, server in
            let good = try await elsewhere.token([Self.pull])
            for _ in 0..<2 { #expect(try await server.send(Self.read, good).code == 200) }
            #expect(try await server.send("GET /v2/alice/private/tags/list", good).code == 200)
            #expect(try await server.send("GET /v1/repositories/alice/other/tags", good).code == 403)
            #expect(try await server.send("DELETE /v1/repositories/alice/private/", good).code == 403)
            #expect(try await server.send(Self.read, try await elsewhere.token([Self.pull], subject: "")).code == 200)
            for (name, fields) in [
                ("issuer", try await elsewhere.token([Self.pull], issuer: "other")),
                ("service", try await elsewhere.token([Self.pull], service: "other")),
                ("over", try await elsewhere.token([Self.pull], expiresAt: TestServer.now)),
                ("key", try await elsewhere.token([Self.pull], key: SigningKey(createdAt: 0))),
                ("password", [PermissionWorld.basic("alice")]),
                ("own token", [AccountsServer.token(try #require(world.tokens[.init(kind: .write, repository: "alice/private")]))]),
            ] {
                for head in [Self.read, "GET /v2/", "GET /v2/alice/private/tags/list"] {
                    #expect(try await server.send(head, fields).code == 401, "\(name) \(head)")
                }
            }
        }
    }

    @Test("what a token says is read as it stands: unknown actions and types are left out, and a name is one name")
    func scopes() async throws {
        let elsewhere = try await Elsewhere()
        try await BugWorld.lend({ $0.authority = elsewhere.authority }) { _, server in
            let cases: [(GrantedScope, Int)] = [
                (GrantedScope(type: "repository", name: "alice/private", actions: ["pull", "metadata_read", "a b", ","]), 200),
                (GrantedScope(type: "repository(plugin)", name: "alice/private", actions: ["pull"]), 200),
                (GrantedScope(type: "repository", name: "alice/private", actions: ["pull,push"]), 403),
                (GrantedScope(type: "repository", name: "x:pull repository:alice/private", actions: ["pull"]), 403),
                (GrantedScope(type: "x:y:pull repository", name: "alice/private", actions: ["pull"]), 403),
                (GrantedScope(type: "repository", name: "alice", actions: ["x:pull", "private:pull"]), 403),
                (GrantedScope(type: "repository:alice/private", name: "", actions: ["pull"]), 403),
                (GrantedScope(type: "repository", name: "alice/*", actions: ["pull"]), 403),
                (GrantedScope(type: "repository", name: "alice/private", actions: []), 403),
                (GrantedScope(type: "Repository", name: "alice/private", actions: ["pull"]), 403),
            ]
            for (scope, expected) in cases {
                let answer = try await server.send(Self.read, try await elsewhere.token([scope]))
                #expect(answer.code == expected, "\(scope)")
            }
        }
    }

    @Test("challenges name it, and this server makes no token")
    func challenge() async throws {
        let elsewhere = try await Elsewhere()
        try await BugWorld.lend({ $0.authority = elsewhere.authority }) { _, server in
            let keys = try await server.registry.signingKeys().map(\.kid)
            let answer = try await server.send("GET /v2/alice/private/tags/list")
            #expect(answer.code == 401)
            let named = #"Bearer realm="https://auth.example.com/token",service="registry.example.com""#
            #expect(answer.values(of: "www-authenticate").first == named + #",scope="repository:alice/private:pull""#)
            for head in ["GET /v2/token", "GET /v2/token/keys"] { #expect(try await server.send(head).code == 404) }
            #expect(try await server.grant("grant_type=password&username=alice&password=x").code == 404)
            #expect(try await server.registry.signingKeys().map(\.kid) == keys)
        }
    }

    @Test("a key that is pinned no more takes the tokens along that were good already")
    func exchanged() async throws {
        let elsewhere = try await Elsewhere()
        try await BugWorld.lend({ $0.authority = elsewhere.authority }) { _, server in
            let token = try await elsewhere.token([Self.pull])
            let head = "GET /v1/repositories/alice/private/images"
            for _ in 0..<2 { #expect(try await server.send(head, token).code == 200) }
            let other = try await VerificationKeySet(file: VerificationKeySet.jwks(of: [SigningKey(createdAt: 0)]))
            elsewhere.keys.withLockedValue { $0 = other }
            #expect(try await server.send(head, token).code == 401)
        }
    }
}

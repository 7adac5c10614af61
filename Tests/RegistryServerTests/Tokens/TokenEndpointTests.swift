import AccessTokens
import Foundation
import ImageRegistry
import RegistryServer
import Testing

@Suite("/v2/token: what is answered")
struct TokenEndpointTests {
    static let alice = PermissionWorld.basic("alice")

    @Test("a token is for what was asked and may be done", arguments: [true, false])
    func granted(allowsAnonymousPull: Bool) async throws {
        try await BugWorld.lend({ $0.allowsAnonymousPull = allowsAnonymousPull }) { world, server in
            func key(_ caller: TableCaller) throws -> String { AccountsServer.basic("alice", try #require(world.keys[caller])) }
            let open = allowsAnonymousPull
            let cases: [(String?, [String], [String])] = [
                (nil, [], []),
                (nil, ["repository:alice/public:pull,push"], open ? ["alice/public: pull"] : []),
                (nil, ["repository:alice/private:pull", "repository:alice/absent:pull"], []),
                (nil, ["repository:base:pull"], open ? ["base: pull"] : []),
                (nil, ["registry:catalog:*"], open ? ["registry catalog: *"] : []),
                (Self.alice, ["repository:alice/private:pull,push"], ["alice/private: pull push"]),
                (Self.alice, ["repository:alice/private:*"], ["alice/private: *"]),
                (Self.alice, ["repository:alice/private:delete,pull"], ["alice/private: pull delete"]),
                (Self.alice, ["repository:alice/absent:pull,push"], ["alice/absent: pull push"]),
                (
                    Self.alice, ["repository:alice/private:pull%20repository:alice/public:push"],
                    ["alice/private: pull", "alice/public: push"]
                ),
                (Self.alice, ["repository:alice/private:pull", "repository:stan/own:pull"], ["alice/private: pull"]),
                (Self.alice, ["repository:library/base:pull,push"], ["base: pull"]),
                (Self.alice, ["registry:catalog:*", "registry:catalog:search"], ["registry catalog: * search"]),
                (Self.alice, ["registry:other:*", "repository:UPPER:pull", "thing:x:pull", "repository:alice/private:fly", "x", ""], []),
                (PermissionWorld.basic("rita"), ["repository:alice/private:pull,push,delete,*"], ["alice/private: pull"]),
                (PermissionWorld.basic("rudi"), ["repository:alice/private:pull,push"], ["alice/private: pull"]),
                (PermissionWorld.basic("wanda"), ["repository:alice/private:*"], ["alice/private: pull push delete"]),
                (
                    PermissionWorld.basic("stan"), ["repository:alice/private:pull,push", "repository:alice/public:pull"],
                    ["alice/public: pull"]
                ),
                (PermissionWorld.basic("root"), ["repository:nowhere/app:pull,push,*"], ["nowhere/app: pull push *"]),
                (try key(.readKey), ["repository:alice/private:pull,push"], ["alice/private: pull"]),
                (try key(.writeKey), ["repository:alice/private:*"], ["alice/private: pull push delete"]),
                (
                    try key(.keyForAnother), ["repository:alice/private:pull", "repository:alice/other:pull,push"],
                    ["alice/other: pull push"]
                ),
            ]
            for (credential, scopes, expected) in cases {
                let reply = try await server.token(scopes, [credential].compactMap(\.self))
                #expect(try await server.granted(reply.token) == expected, "\(credential ?? "anonymous") \(scopes)")
            }
        }
    }

    @Test("the answer is what Docker's documents say, and nobody keeps it")
    func form() async throws {
        try await BugWorld.lend { _, server in
            let answer = try await server.askToken("&scope=repository:alice/private:pull&account=alice&client_id=docker", [Self.alice])
            let reply = try TokenReply(answer)
            #expect(
                answer.text == """
                    {"access_token":"\(reply.token)","expires_in":300,"issued_at":"2014-05-13T16:53:20Z","token":"\(reply.token)"}
                    """)
            #expect(answer.values(of: "cache-control") == ["no-store"])
            #expect(answer.values(of: "content-type") == ["application/json"])
            #expect(answer.values(of: "docker-distribution-api-version") == ["registry/2.0"])
            let claims = try await server.claims(of: reply.token)
            #expect(claims.subject == "alice" && claims.issuedAt == TestServer.now && claims.expiresAt == TestServer.now + 300)
            #expect(claims.binding != nil && claims.id?.utf8.count == 22)
            let anonymous = try await server.claims(of: try await server.token([]).token)
            #expect(anonymous.subject == "" && anonymous.binding == nil)
        }
    }

    @Test("a key's token ends with the key")
    func keyEnd() async throws {
        try await BugWorld.lend { world, server in
            let key = AccountsServer.basic("alice", try #require(world.keys[.adminKey]))
            let reply = try await server.token(["repository:alice/private:*"], [key])
            #expect(reply.expiresIn == 1)
            #expect(try await server.claims(of: reply.token).expiresAt == TestServer.now + 1)
        }
    }

    @Test("wrong credentials get no token, not even an anonymous one")
    func wrong() async throws {
        try await BugWorld.lend { world, server in
            let token = try await server.token(["repository:alice/private:pull"], [Self.alice])
            let repositoryToken = try #require(world.tokens[.init(kind: .write, repository: "alice/private")])
            let message = "incorrect username or password, or the token or key has expired or was revoked"
            let refused = #"{"errors":[{"code":"UNAUTHORIZED","message":"\#(message)"}]}"#
            for field in [
                AccountsServer.basic("alice", "wrong"), AccountsServer.basic("nobody1", "x"), "Authorization: Basic %%%", token.bearer,
                AccountsServer.basic("alice", token.token), AccountsServer.basic("alice", try #require(world.keys[.revokedKey])),
                AccountsServer.basic("alice", try #require(world.keys[.expiredKey])), AccountsServer.token(repositoryToken),
                "Authorization: Bearer x", "Authorization: Digest x",
            ] {
                let answer = try await server.askToken("&scope=repository:alice/public:pull", [field])
                #expect(answer.code == 401 && answer.text == refused, "\(field): \(answer.status) \(answer.text)")
                #expect(answer.values(of: "www-authenticate") == ["Basic realm=\"wharf\""])
                #expect(answer.values(of: "cache-control") == ["no-store"])
            }
            let inactive = try await server.askToken("", [PermissionWorld.basic("ulla")])
            #expect(inactive.code == 403 && inactive.text == #"{"errors":[{"code":"DENIED","message":"the account is not active"}]}"#)
            let other = try await server.send("GET /v2/token?service=other", [Self.alice])
            #expect(
                other.code == 400
                    && other.text == #"{"errors":[{"code":"UNSUPPORTED","message":"tokens of this server are for the service wharf"}]}"#)
            #expect(try await server.send("GET /v2/token?scope=%zz", [Self.alice]).code == 400)
            #expect(try await server.send("GET /v2/token", [Self.alice]).code == 200)
        }
    }

    @Test("POST gives the same by password, and a refresh token when one is asked for")
    func grant() async throws {
        try await BugWorld.lend { _, server in
            let form = "grant_type=password&username=alice&password=secret+of+alice&service=wharf&client_id=docker"
            let plain = try TokenReply(try await server.grant("\(form)&scope=repository:alice/private:pull,push+repository:stan/own:pull"))
            #expect(try await server.granted(plain.token) == ["alice/private: pull push"])
            #expect(plain.scope == "repository:alice/private:pull,push" && plain.refreshToken == nil)
            let offline = try TokenReply(try await server.grant("\(form)&access_type=offline"))
            let refreshToken = try #require(offline.refreshToken)
            let refreshed = try TokenReply(
                try await server.grant(
                    "grant_type=refresh_token&refresh_token=\(refreshToken)&service=wharf&scope=repository:alice/private:*"))
            #expect(try await server.granted(refreshed.token) == ["alice/private: *"])
            #expect(try await server.claims(of: refreshed.token).subject == "alice" && refreshed.refreshToken == nil)
        }
    }

    @Test("GET gives a refresh token to whoever has shown a secret", arguments: ["&offline_token=true", "&access_type=offline"])
    func offline(query: String) async throws {
        try await BugWorld.lend { _, server in
            let token = try await server.token([], [Self.alice], more: query)
            #expect(token.refreshToken != nil)
            #expect(try await server.token([], more: query).refreshToken == nil)
            #expect(try await server.token([], [Self.alice], more: "&offline_token=false").refreshToken == nil)
        }
    }

    private static func refusal(_ error: String, _ code: String, _ message: String) -> String {
        #"{"error":"\#(error)","errors":[{"code":"\#(code)","message":"\#(message)"}]}"#
    }

    @Test("what is wrong with a grant is said in both dialects")
    func grantErrors() async throws {
        try await BugWorld.lend { _, server in
            let cases: [(String, Int, String)] = [
                (
                    "grant_type=password&username=alice&password=wrong", 401,
                    Self.refusal(
                        "invalid_grant", "UNAUTHORIZED", "incorrect username or password, or the token or key has expired or was revoked")
                ),
                (
                    "grant_type=refresh_token&refresh_token=x", 401,
                    Self.refusal(
                        "invalid_grant", "UNAUTHORIZED", "incorrect username or password, or the token or key has expired or was revoked")
                ),
                (
                    "grant_type=client_credentials", 400,
                    Self.refusal("unsupported_grant_type", "UNSUPPORTED", "grant_type has to be password or refresh_token")
                ),
                ("", 400, Self.refusal("invalid_request", "UNSUPPORTED", "the form lacks grant_type")),
                (
                    "grant_type=password&username=alice", 400,
                    Self.refusal("invalid_request", "UNSUPPORTED", "the form lacks password")
                ),
                (
                    "grant_type=password&grant_type=password", 400,
                    Self.refusal("invalid_request", "UNSUPPORTED", "the form has grant_type twice")
                ),
                ("grant_type=%ff", 400, Self.refusal("invalid_request", "UNSUPPORTED", "the body is no form")),
                (
                    "grant_type=password&username=alice&password=secret+of+alice&service=x", 400,
                    Self.refusal("invalid_target", "UNSUPPORTED", "tokens of this server are for the service wharf")
                ),
                (
                    "grant_type=password&username=ulla&password=secret+of+ulla", 403,
                    Self.refusal("invalid_grant", "DENIED", "the account is not active")
                ),
                (
                    String(repeating: "a", count: 70_000), 413,
                    Self.refusal("invalid_request", "UNSUPPORTED", "the body is larger than 65536 bytes")
                ),
            ]
            for (form, status, text) in cases {
                let answer = try await server.grant(form)
                #expect(answer.code == status && answer.text == text, "\(form.prefix(60)): \(answer.status) \(answer.text)")
                #expect(answer.values(of: "cache-control") == ["no-store"])
            }
        }
    }

    @Test("the keys are published, without their secret halves")
    func keys() async throws {
        try await BugWorld.lend { _, server in
            let answer = try await server.send("GET /v2/token/keys")
            #expect(answer.code == 200 && answer.values(of: "content-type") == ["application/jwk-set+json"])
            let keys = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: [[String: String]]])["keys"]
            #expect(keys?.map { $0.keys.sorted() } == [["alg", "crv", "kid", "kty", "use", "x", "y"]])
        }
    }
}

import Foundation
import ImageModel
import RegistryWire
import Testing

@Suite("Asking for tokens")
struct TokenRequestTests {
    @Test("a scope is a resource and what is to be done with it")
    func scope() throws {
        let app = try #require(RepositoryName("team/app"))
        let scope = try #require(TokenScope("repository:team/app:push,pull"))
        #expect(scope.resource == .repository(app))
        #expect(scope.actions == ["pull", "push"])
        #expect((scope.type, scope.name, scope.orderedActions) == ("repository", "team/app", ["pull", "push"]))
        #expect(TokenScope("repository(plugin):team/app:pull,push") == scope)
        let catalog = try #require(TokenScope("registry:catalog:*"))
        #expect(catalog.resource == .registry("catalog"))
        #expect(catalog.actions == ["*"])
        #expect(TokenScope("repository:ubuntu:pull")?.resource == TokenScope("repository:library/ubuntu:pull")?.resource)
    }

    @Test(
        "a scope is printed in one way",
        arguments: [
            ("repository:team/app:push,delete,*,pull", "repository:team/app:pull,push,*,delete"),
            ("repository:library/ubuntu:pull", "repository:ubuntu:pull"), ("registry(x):catalog:search", "registry:catalog:search"),
            ("repository:a:pull,pull", "repository:a:pull"),
        ])
    func printed(text: String, printed: String) throws {
        #expect(TokenScope(text)?.description == printed)
        #expect(TokenScope(printed) == TokenScope(text))
    }

    @Test(
        "what is no scope is none",
        arguments: [
            "", ":", "::", "repository", "repository:a", "repository:a:", "repository::pull", "repository:a:pull,", "repository:a:PULL",
            "repository:a:pull push", "repository:A:pull", "repository:../a:pull", "repository:registry.example.com:5000/a:pull",
            "repository:[::1]:5000/a:pull", "Repository:a:pull", "repository():a:pull", "repository(x:a:pull", "repository(x)y:a:pull",
            "(x):a:pull", "plugin:a:pull", "registry::*", "registry:a/b:*", "registry:cata log:*", "repository:a:pull\"",
        ])
    func noScope(text: String) {
        #expect(TokenScope(text) == nil)
    }

    @Test("scopes of one request are gathered, without what cannot be read")
    func list() {
        let scopes = TokenScope.list([
            "repository:a:pull  nonsense repository:b:pull,push", "", "registry:catalog:*", "repository:library/a:push",
            "plugin:x:y",
        ])
        #expect(scopes.map(\.description) == ["repository:a:pull,push", "repository:b:pull,push", "registry:catalog:*"])
        let many = TokenScope.list((0..<150).map { "repository:a\($0):pull" } + ["repository:a0:push"])
        #expect(many.count == 100)
        #expect(many.first?.description == "repository:a0:pull,push")
        #expect(many.last?.description == "repository:a99:pull")
    }

    @Test("a query asks for a token")
    func query() throws {
        func request(_ query: String) throws -> TokenRequest { TokenRequest(try #require(RequestQuery(of: "/v2/token\(query)"))) }
        let full = try request(
            "?account=sam&client_id=docker&offline_token=true&service=s&scope=repository%3Aa%3Apull"
                + "&scope=registry:catalog:*+repository:b:push")
        #expect(full.account == "sam")
        #expect(full.clientID == "docker")
        #expect(full.service == "s")
        #expect(full.wantsRefreshToken)
        #expect(full.scopes.map(\.description) == ["repository:a:pull", "registry:catalog:*", "repository:b:push"])
        let empty = try request("")
        #expect((empty.account, empty.clientID, empty.service, empty.wantsRefreshToken) == (nil, nil, nil, false))
        #expect(empty.scopes.isEmpty)
        #expect(try request("?access_type=offline").wantsRefreshToken)
        #expect(try !request("?offline_token=false&access_type=online").wantsRefreshToken)
    }

    @Test("a form asks for a token with a password or a refresh token")
    func form() throws {
        let form =
            "grant_type=password&username=sam&password=a%2Bb+c%26&service=s&client_id=x&access_type=offline"
            + "&scope=repository:a:pull+repository:b:push"
        let password = try TokenGrantRequest(form: Array(form.utf8))
        #expect(password.grant == .password(user: "sam", password: "a+b c&"))
        #expect((password.service, password.clientID, password.wantsRefreshToken) == ("s", "x", true))
        #expect(password.scopes.map(\.description) == ["repository:a:pull", "repository:b:push"])
        let refresh = try TokenGrantRequest(form: Array("refresh_token=abc&grant_type=refresh_token".utf8))
        #expect(refresh.grant == .refreshToken("abc"))
        #expect((refresh.service, refresh.clientID, refresh.wantsRefreshToken) == (nil, nil, false))
        #expect(refresh.scopes.isEmpty)
    }

    @Test(
        "a form without what it needs is refused for that",
        arguments: [
            ("", TokenGrantRequest.Refusal.missing("grant_type")), ("grant_type=", .missing("grant_type")),
            (#"{"grant_type":"password"}"#, .missing("grant_type")),
            ("grant_type=password&password=x", .missing("username")), ("grant_type=password&username=x", .missing("password")),
            ("grant_type=password&username=x&password=", .missing("password")), ("grant_type=refresh_token", .missing("refresh_token")),
            ("grant_type=client_credentials", .grantTypeUnsupported), ("grant_type=Password&username=x&password=y", .grantTypeUnsupported),
            ("grant_type=password&grant_type=refresh_token", .repeated("grant_type")),
            ("grant_type=password&username=a&username=b&password=c", .repeated("username")),
            ("grant_type=refresh_token&refresh_token=a&scope=a&scope=b", .repeated("scope")),
            ("grant_type=password&username=%zz&password=c", .malformed), ("grant_type=password&username=%ff&password=c", .malformed),
            ("grant_type=password&username=%00&password=c", .malformed),
        ])
    func refused(form: String, refusal: TokenGrantRequest.Refusal) {
        #expect(throws: refusal) { try TokenGrantRequest(form: Array(form.utf8)) }
    }

    @Test("a form has a longest length")
    func length() throws {
        let head = "grant_type=refresh_token&refresh_token=a&x="
        let longest = Array((head + String(repeating: "x", count: 65_536 - head.utf8.count)).utf8)
        #expect(try TokenGrantRequest(form: longest).grant == .refreshToken("a"))
        #expect(throws: TokenGrantRequest.Refusal.tooLarge) { try TokenGrantRequest(form: longest + [0x78]) }
    }

    @Test("an answer has the token under both names, and only what there is to say")
    func answer() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func text(_ answer: TokenAnswer) throws -> String { String(decoding: try encoder.encode(answer), as: UTF8.self) }
        #expect(
            try text(TokenAnswer(token: "t", expiresIn: 300, issuedAt: 1_700_000_000))
                == #"{"access_token":"t","expires_in":300,"issued_at":"2023-11-14T22:13:20Z","token":"t"}"#)
        let full =
            #"{"access_token":"t","expires_in":60,"issued_at":"1970-01-01T00:00:00Z","refresh_token":"r","#
            + #""scope":"repository:a:pull","token":"t"}"#
        #expect(try text(TokenAnswer(token: "t", expiresIn: 60, issuedAt: 0, refreshToken: "r", scope: "repository:a:pull")) == full)
    }
}

import Foundation
import ImageModel
import RegistryWire
import Testing

/// field.md §4.2, class I: a v1 token is good for what it was given for, and for as long.
@Suite("Class I: forged, changed and worn-out tokens")
struct TokenForgeryTests {
    static let read = "GET /v1/repositories/alice/private/tags"
    static let write = "PUT /v1/repositories/alice/private/tags/latest"

    @Test("a token that was changed in any part is none")
    func changed() async throws {
        try await BugWorld.lend { world, server in
            let text = try #require(world.tokens[.init(kind: .read, repository: "alice/public")])
            let token = try #require(RepositoryToken(text))
            let writing = try #require(
                world.tokens[.init(kind: .write, repository: "alice/private")].flatMap { RepositoryToken($0) })
            let target = try #require(RepositoryName("alice/private"))
            func changed(_ signature: String, _ name: RepositoryName, _ access: RepositoryToken.Access) -> String {
                RepositoryToken(signature: signature, repository: name, access: access).text
            }
            let forgeries = [
                // Another repository, another access, both; the signature of one token under the claims of another.
                changed(token.signature, target, .read), changed(token.signature, target, .write),
                changed(writing.signature, target, .delete), changed(writing.signature, target, .read),
                changed(writing.signature, token.repository, .write),
                // Cut short, made longer, empty, and no base64.
                changed(String(writing.signature.dropLast()), target, .write),
                changed(String(writing.signature.dropLast(8)), target, .write),
                changed(String(writing.signature.prefix(8)), target, .write), changed(writing.signature + "A", target, .write),
                changed(writing.signature + writing.signature, target, .write), changed("", target, .write),
                changed("0", target, .write), changed("%00", target, .write), changed("none", target, .write),
                changed(String(repeating: "A", count: writing.signature.count), target, .write),
                changed(String(repeating: "A", count: 4000), target, .write),
            ]
            let before = try await CatalogDump(server.database)
            for forgery in forgeries {
                for spelling in ["Token \(forgery)", forgery, String(forgery.dropFirst("Token ".count))] {
                    for (head, body) in [(Self.read, nil), (Self.write, "\"\(try world.repository("alice/private").image.id)\"")] {
                        let answer = try await server.send(head, ["Authorization: \(spelling)"], body: body)
                        #expect(answer.code == 401, "\(head) with \(spelling.prefix(200)): \(answer.status)")
                    }
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("every byte of a signature counts")
    func everyByte() async throws {
        try await BugWorld.lend { world, server in
            let token = try #require(world.tokens[.init(kind: .write, repository: "alice/private")].flatMap { RepositoryToken($0) })
            let letters = Array(token.signature)
            for index in letters.indices.dropLast() {
                var changed = letters
                changed[index] = changed[index] == "A" ? "B" : "A"
                let forgery = RepositoryToken(signature: String(changed), repository: token.repository, access: token.access)
                #expect(try await server.send(Self.read, ["Authorization: Token \(forgery.text)"]).code == 401, "byte \(index)")
            }
        }
    }

    @Test("another server's token is none")
    func otherKey() async throws {
        try await BugWorld.lend({ $0.tokenKey = Array("another key, as long as the first..".utf8) }) { world, server in
            let text = try #require(world.tokens[.init(kind: .write, repository: "alice/private")])
            #expect(try await server.send(Self.read, [AccountsServer.token(text)]).code == 401)
            let cookie = try #require(world.cookies["alice/private"])
            #expect(try await server.send(Self.read, ["Cookie: \(cookie)"]).code == 401)
        }
    }

    @Test("a token lives while it is used, and dies of disuse or of age")
    func life() async throws {
        let clock = TestClock(TestServer.now)
        try await BugWorld.lend({ $0.now = { clock.time } }) { world, server in
            let used = AccountsServer.token(try #require(world.tokens[.init(kind: .read, repository: "alice/private")]))
            let unused = AccountsServer.token(try #require(world.tokens[.init(kind: .write, repository: "alice/private")]))
            clock.time = TestServer.now + 4 * 3600 - 60
            #expect(try await server.send(Self.read, [used]).code == 200)
            clock.time = TestServer.now + 4 * 3600 + 60
            #expect(try await server.send(Self.read, [unused]).code == 401)
            for hour in stride(from: 6, through: 23, by: 3) {
                clock.time = TestServer.now + Int64(hour) * 3600
                #expect(try await server.send(Self.read, [used]).code == 200, "hour \(hour)")
            }
            clock.time = TestServer.now + 24 * 3600 + 60
            #expect(try await server.send(Self.read, [used]).code == 401)
        }
    }

    @Test("a token is good many times, also at once, and in every spelling that engines send")
    func reuse() async throws {
        try await BugWorld.lend { world, server in
            let text = try #require(world.tokens[.init(kind: .write, repository: "alice/private")])
            let bare = String(text.dropFirst("Token ".count))
            let spellings = [
                text, "Token \(text)", "token \(text)", "TOKEN \(bare)", "Token  \(bare)", bare, bare.replacing("\"", with: ""),
                bare.replacing(",", with: ", "),
            ]
            let codes = try await withThrowingTaskGroup(of: Int.self) { group in
                for spelling in spellings + spellings {
                    group.addTask { try await server.send(Self.read, ["Authorization: \(spelling)"]).code }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count == 2 * spellings.count && codes.allSatisfy { $0 == 200 }, "\(codes)")
        }
    }

    @Test("a token gives no more than its user has, and says whose it is only in what is signed")
    func others() async throws {
        try await BugWorld.lend { world, server in
            let answer = try await server.send("GET /v1/repositories/alice/public/images", [PermissionWorld.basic("stan")])
            let token = AccountsServer.token(try #require(answer.values(of: "x-docker-token").first))
            let planted = try world.repository("alice/public")
            let before = try await CatalogDump(server.database)
            #expect(try await server.send("GET /v1/repositories/alice/public/tags", [token]).code == 200)
            for (head, body) in [
                ("PUT /v1/repositories/alice/public/tags/latest", "\"\(planted.image.id)\""), ("DELETE /v1/repositories/alice/public/", ""),
                ("PUT /v1/repositories/alice/public/", "[]"), ("PUT /v1/repositories/alice/public/properties", #"{"access":"private"}"#),
                ("PUT /v1/images/\(planted.declared.id)/json", String(decoding: planted.declared.document, as: UTF8.self)),
            ] {
                #expect(try await server.send(head, [token], body: body).code == 403, "\(head)")
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }
}

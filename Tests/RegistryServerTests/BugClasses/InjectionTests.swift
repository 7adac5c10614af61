import ImageModel
import ImageRegistry
import Testing

/// field.md §4.2, class P: what comes from outside is a value, never a piece of a statement.
@Suite("Class P: SQL in names, queries and credentials")
struct InjectionTests {
    static let pieces = [
        "'", "\"", "''", "%", "_", "\\", ";", "--", "/*", "' OR '1'='1", "' OR 1=1 --", "x' UNION SELECT name FROM user_account --",
        "%' --",
        "*", "\"*", "alice\" OR \"private", "NEAR(alice private)", "name:alice", "^alice", "alice AND private", "alice NOT x", "(alice",
        "alice)", "{shown_name}: alice", "shown_name MATCH alice", "?", ":a", "@a", "$a", "\u{0}", "a\u{0}b", "\u{202E}", "ﬀ", "🦐",
    ]

    @Test("a query finds nothing more by any of it, and nothing breaks")
    func queries() async throws {
        try await BugWorld.lend { _, server in
            let before = try await CatalogDump(server.database)
            for piece in Self.pieces {
                for text in [piece, "alice\(piece)", "private\(piece)"] {
                    let answer = try await server.send("GET /v1/search?q=\(Self.encoded(text))&n=100", [PermissionWorld.basic("stan")])
                    guard !piece.contains("\u{0}") else {
                        #expect(answer.code == 400)
                        continue
                    }
                    #expect(answer.code == 200, "\(text): \(answer.status)")
                    let names = FoundPage(answer.body)?.names ?? ["no answer"]
                    #expect(Set(names).isSubset(of: ["alice/public", "acme/public", "base", "stan/own"]), "\(text): \(names)")
                }
            }
            for number in ["n=1;DROP TABLE tag", "n=-1", "n=1e9", "page=1 OR 1=1", "n=99999999999999999999", "page=-99999999999999999999"] {
                let answer = try await server.send("GET /v1/search?q=a&\(number.replacing(" ", with: "+"))")
                #expect(answer.code == 200, "\(number): \(answer.status)")
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("a name with any of it is no name, and a login with any of it none")
    func names() async throws {
        try await BugWorld.lend { _, server in
            let before = try await CatalogDump(server.database)
            let root = PermissionWorld.basic("root")
            for piece in Self.pieces {
                // What a name may have says nothing here.
                guard piece != "_", piece != "--" else { continue }
                let encoded = Self.encoded("alice\(piece)")
                for (head, body) in [
                    ("GET /v1/repositories/\(encoded)/tags", nil), ("PUT /v1/repositories/\(encoded)/", "[]"),
                    ("GET /v1/repositories/alice/public/tags/\(encoded)", nil), ("GET /v1/images/\(encoded)/json", nil),
                    ("PUT /v1/users/\(encoded)/", #"{"email":"q@example.net"}"#),
                    ("GET /v1/repositories/alice/public/layer/\(encoded)/access", nil),
                ] as [(String, String?)] {
                    let answer = try await server.send(head, [root], body: body)
                    #expect(answer.code == 400 || answer.code == 404, "\(head): \(answer.status)")
                }
                for user in ["alice\(piece)", piece, "alice' --\(piece)"] {
                    let answer = try await server.send(
                        "GET /v1/users/", [AccountsServer.basic(user, PermissionWorld.password(of: "alice"))])
                    #expect(answer.code == 401, "\(user.debugDescription): \(answer.status)")
                }
                let answer = try await server.send("GET /v1/users/", [AccountsServer.basic("alice", piece)])
                #expect(answer.code == 401, "\(piece): \(answer.status)")
                let json = piece.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\u{0}", with: "\\u0000")
                let body = #"{"username":"mall\#(json)","email":"mallory@example.org","password":"a good secret"}"#
                let registered = try await server.send("POST /v1/users/", body: body)
                #expect(registered.code == 400, "\(piece): \(registered.status)")
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("a password may hold any of it")
    func passwords() async throws {
        try await BugWorld.lend { _, server in
            for piece in Self.pieces where !piece.contains("\u{0}") {
                let password = "a secret with \(piece)"
                try await server.registry.setPassword(try AccountsServer.hash(password), of: try PermissionWorld.user("stan"))
                #expect(try await server.send("GET /v1/users/", [AccountsServer.basic("stan", password)]).code == 200, "\(piece)")
            }
        }
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}

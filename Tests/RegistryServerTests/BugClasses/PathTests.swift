import RegistryTesting
import Testing

/// field.md §4.2, class W: a name is a name, and leads nowhere.
@Suite("Class W: paths in names")
struct PathTests {
    /// What may lead out of a folder, in the spellings in which it got through somewhere.
    static let pieces = [
        "..", "%2e%2e", "%2E%2E", ".%2e", "%252e%252e", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "..%5c..%5c", "..\\..", "%5c", "%2f",
        "%2fetc%2fpasswd", "%252f", "%00", "a%00b", "a%00.json", "%c0%ae%c0%ae", "%c0%af", "%c1%9c", "%e0%80%af", "%f0%80%80%af", "%ff",
        "%fe", "%ed%a0%80", "%u002e", "%", "%2", "%zz", "~", "~root", "...", ".", "%2e", " ", "%20", "%0d%0a", "%0a", "a%0d%0aX: y", ";",
        "%7f", "%1b",
    ]

    /// An administrator asks, so that it is not for want of rights that nothing comes.
    @Test("no name of a repository, tag, image or user takes them", arguments: [0, 1])
    func names(half: Int) async throws {
        try await BugWorld.lend { world, server in
            let before = try await CatalogDump(server.database)
            let credentials = [PermissionWorld.basic("root")]
            for piece in Self.pieces where !piece.contains(" ") {
                var heads: [(String, String?)] = [
                    ("GET /v1/repositories/\(piece)/tags", nil), ("GET /v1/repositories/alice/\(piece)/tags", nil),
                    ("GET /v1/repositories/\(piece)/private/tags", nil), ("GET /v1/repositories/alice/private/tags/\(piece)", nil),
                    ("GET /v1/repositories/alice/private/tags/\(piece)/json", nil), ("GET /v1/images/\(piece)/json", nil),
                    ("GET /v1/images/\(try world.repository("alice/private").image.id)\(piece)/json", nil),
                    ("GET /v1/images/\(piece)/layer", nil), ("GET /v1/repositories/alice/private/layer/\(piece)/access", nil),
                    ("GET /v1/\(piece)/_ping", nil), ("GET /\(piece)/\(piece)/\(piece)/etc/passwd", nil),
                ]
                if half == 1 {
                    heads = [
                        ("PUT /v1/repositories/alice/\(piece)/", "[]"), ("PUT /v1/repositories/\(piece)/app/", "[]"),
                        ("PUT /v1/repositories/alice/private/tags/\(piece)", "\"\(try world.repository("alice/private").image.id)\""),
                        ("DELETE /v1/repositories/alice/private/tags/\(piece)", ""), ("DELETE /v1/repositories/alice/\(piece)/", ""),
                        ("PUT /v1/images/\(piece)/json", "{}"), ("PUT /v1/images/\(piece)/layer", "x"),
                        ("PUT /v1/users/\(piece)/", #"{"email":"q@example.net"}"#), ("POST /v1/users/\(piece)/confirm", ""),
                    ]
                }
                for (head, body) in heads {
                    // Three dots, a tilde and the like are odd names and no way out.
                    let isHarmless = [".", "~", ";", "..."].contains { piece == $0 } || piece == "%2e"
                    let answer = try await server.send(head, credentials, body: body)
                    let isFine =
                        (400..<500).contains(answer.code) || isHarmless && answer.code < 500
                        || answer.text.contains("\"last_update\":null")
                    #expect(isFine, "\(head): \(answer.status)")
                    #expect(!answer.text.contains("root:"), "\(head): \(answer.text)")
                    #expect(!answer.fields.contains { $0.hasPrefix("X: ") }, "\(head): \(answer.fields)")
                }
            }
            let changes = before.difference(to: try await CatalogDump(server.database))
            let made = changes.split(separator: "; ").filter { !$0.contains("'alice/...'") && !$0.contains("'.../app'") }
            #expect(half == 0 || made.allSatisfy { !$0.contains("/..'") && !$0.contains("'../") }, "\(changes)")
            #expect(half == 1 || changes.isEmpty, "\(changes)")
        }
    }

    @Test("no user name of a login or a registration takes them")
    func users() async throws {
        try await BugWorld.lend { _, server in
            let before = try await CatalogDump(server.database)
            for piece in Self.pieces + ["../../../../etc/passwd", "alice/../root", "a\u{0}b"] {
                let login = try await server.send("GET /v1/users/", [AccountsServer.basic(piece, "x")])
                #expect(login.code == 401, "\(piece): \(login.status)")
                let json = piece.replacing("\\", with: "\\\\").replacing("\u{0}", with: "\\u0000")
                let body = #"{"username":"\#(json)","email":"mallory@example.org","password":"a good secret"}"#
                let answer = try await server.send("POST /v1/users/", body: body)
                #expect(answer.code == 400, "\(piece): \(answer.status)")
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }
}

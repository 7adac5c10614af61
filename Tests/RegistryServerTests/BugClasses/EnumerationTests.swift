import ImageModel
import ImageRegistry
import RegistryServer
import Testing

/// field.md §4.2, class N: what may not be read cannot be found out about, by no spelling of a path and by no query.
@Suite("Class N: finding out what is there")
struct EnumerationTests {
    /// Spellings of a path that could be read as another.
    static let spellings: [@Sendable (String) -> String] = [
        { $0.replacing("/repositories/", with: "//repositories/") }, { $0.replacing("/v1/", with: "//v1/") },
        { $0.replacing("alice/", with: "alice//") }, { $0.replacing("alice/", with: "alice%2F") },
        { $0.replacing("alice/", with: "alice%2f") }, { $0.replacing("alice/", with: "alice/./") },
        { $0.replacing("alice/", with: "alice/x/../") }, { $0.replacing("alice/", with: "%61lice/") },
        { $0.replacing("alice/", with: "/alice/") }, { $0.replacing("alice/", with: "Alice/") }, { $0 + "/" }, { $0 + "//" },
        { $0 + "%2F" }, { $0 + "?q=alice" }, { $0 + "%00" }, { $0.replacing("alice/", with: "alice%5C") },
        { $0.replacing("alice/", with: "library/../alice/") }, { $0.replacing("/v1/", with: "/v1/./") },
        { $0.replacing("/v1/", with: "/V1/") },
    ]

    @Test("a private repository is answered as an absent one is, in every spelling of every path", arguments: ["", "stan", "rita"])
    func spelled(user: String) async throws {
        let names = user == "rita" ? ("acme/private", "acme/absent") : ("alice/private", "alice/absent")
        try await BugWorld.lend { world, server in
            let credentials = user.isEmpty ? [] : [PermissionWorld.basic(user)]
            let images = (try world.repository(names.0).image.id, try world.repository(names.1).image.id)
            let paths =
                ["tags", "tags/latest", "tags/latest/json", "json", "properties", "images", ""].map { "/v1/repositories/NAME/\($0)" }
                + ["/v1/images/ID/json", "/v1/images/ID/ancestry", "/v1/images/ID/layer", "/v1/repositories/NAME/layer/ID/access"]
            for path in paths {
                for spell in [{ @Sendable in $0 }] + Self.spellings {
                    var answers: [[String]] = []
                    for (name, id) in [(names.0, images.0), (names.1, images.1)] {
                        let target = spell(path.replacing("NAME", with: name).replacing("ID", with: id.text))
                        let answer = try await server.send("GET \(target)", credentials)
                        let isUnknown = answer.text.contains("\"last_update\":null")
                        #expect((400..<500).contains(answer.code) || isUnknown, "\(user) \(target): \(answer.status)")
                        answers.append(answer.comparable)
                    }
                    #expect(answers[0] == answers[1], "\(user): \(path)")
                }
            }
        }
    }

    @Test("no query finds or counts what may not be read", arguments: ["", "stan"])
    func search(user: String) async throws {
        try await BugWorld.lend { world, server in
            try await server.registry.describe(try world.repository("alice/private").name, "a very secret description")
            let credentials = user.isEmpty ? [] : [PermissionWorld.basic(user)]
            let queries = [
                "", "alice/private", "private", "priv", "pri", "vat", "p", "secret", "very+secret", "alice", "alice/", "%25", "_", "*",
                "acme/private+alice", "%22alice/private%22", "alice%2Fprivate", "other", "description&n=100", "private&page=1&n=1",
                "private&page=2&n=1", "+", "~",
            ]
            let visible: Set<String> =
                user.isEmpty ? ["alice/public", "acme/public", "base"] : ["alice/public", "acme/public", "base", "stan/own"]
            for query in queries {
                let answer = try await server.send("GET /v1/search?q=\(query)", credentials)
                let page = try #require(FoundPage(answer.body), "\(query): \(answer.status)")
                #expect(Set(page.names).isSubset(of: visible), "\(query) finds \(page.names)")
                #expect(page.count <= visible.count && page.count >= page.names.count, "\(query) counts \(page.count)")
                if query.contains("secret") || query.contains("private") { #expect(page.count == 0, "\(query) counts \(page.count)") }
            }
        }
    }

    @Test("a closed registration does not tell which names and addresses there are")
    func registration() async throws {
        try await BugWorld.lend({ $0.admission = .closed }) { _, server in
            let before = try await CatalogDump(server.database)
            var answers: Set<[String]> = []
            for (name, email) in [
                ("alice", "alice@example.org"), ("alice", "free@example.net"), ("free_name", "alice@example.org"),
                ("free_name", "free@example.net"), ("acme", "free@example.net"), ("library", "free@example.net"), ("ulla", "x@example.net"),
            ] {
                let body = #"{"username":"\#(name)","email":"\#(email)","password":"a good secret","auth":""}"#
                answers.insert(try await server.send("POST /v1/users/", body: body).comparable)
            }
            #expect(answers.count == 1)
            let answer = try await server.send("POST /v1/users/", body: #"{"auth":"","email":""}"#)
            #expect(answer.code == 400 && answer.text == "\"Username or email already exists\"")
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("a wrong invitation is refused as a taken name is")
    func invitation() async throws {
        try await BugWorld.lend({ $0.admission = .invitation }) { _, server in
            let before = try await CatalogDump(server.database)
            var answers: Set<[String]> = []
            for name in ["alice", "free_name"] {
                for invitation in ["", #","invitation":"no such code""#, #","invitation":"""#] {
                    let body = #"{"username":"\#(name)","email":"free@example.net","password":"a good secret"\#(invitation)}"#
                    answers.insert(try await server.send("POST /v1/users/", body: body).comparable)
                }
            }
            #expect(answers.count == 1 && answers.first?.last == "\"Username or email already exists\"")
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("users cannot be listed or asked for")
    func users() async throws {
        try await BugWorld.lend { _, server in
            for credentials in [[], [PermissionWorld.basic("stan")]] {
                for suffix in ["", "/", "/confirm"] {
                    let answers = try await ["alice", "ghost", "acme"].asyncMap {
                        try await server.send("GET /v1/users/\($0)\(suffix)", credentials).comparable
                    }
                    #expect(Set(answers).count == 1, "\(suffix)")
                }
            }
            let wrong = AccountsServer.basic("alice", "wrong")
            let unknown = AccountsServer.basic("ghost", "wrong")
            let organization = AccountsServer.basic("acme", "wrong")
            let disabled = AccountsServer.basic("dora", "wrong")
            for head in ["GET /v1/users/", "GET /v1/_ping", "GET /v1/search", "GET /v1/repositories/alice/public/tags"] {
                let answers = try await [wrong, unknown, organization, disabled].asyncMap { try await server.send(head, [$0]).comparable }
                #expect(Set(answers).count == 1 && answers[0][0].hasPrefix("401"), "\(head): \(answers)")
            }
        }
    }

    @Test("`foo` and `library/foo` are protected as one repository")
    func library() async throws {
        try await BugWorld.lend { world, server in
            try await server.registry.setPrivate(true, try world.repository("library/base").name)
            for name in ["base", "library/base"] {
                #expect(try await server.send("GET /v1/repositories/\(name)/tags").code == 401)
                #expect(try await server.send("GET /v1/repositories/\(name)/tags", [PermissionWorld.basic("stan")]).code == 404)
                #expect(try await server.send("GET /v1/repositories/\(name)/tags", [PermissionWorld.basic("root")]).code == 200)
                #expect(try await server.send("PUT /v1/repositories/\(name)/", [PermissionWorld.basic("alice")], body: "[]").code == 403)
            }
        }
    }
}

extension Sequence where Self: Sendable, Element: Sendable {
    /// One after the other.
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}

import Testing

/// field.md §4.2, class R: a page of another site cannot use the cookie that a browser keeps.
@Suite("Class R: requests that another site makes a browser send")
struct CookieTests {
    static let foreign = [
        ["Origin: https://evil.example"], ["Origin: null"], ["Origin: http://registry.test:5000"], ["Sec-Fetch-Site: cross-site"],
        ["Sec-Fetch-Site: same-site"], ["Sec-Fetch-Site: nonsense"], ["Sec-Fetch-Site: same-origin", "Origin: https://evil.example"],
        ["Content-Type: text/plain", "Origin: https://evil.example"], ["Content-Type: text/plain", "Sec-Fetch-Site: cross-site"],
        ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
    ]

    @Test("the cookie counts for nothing with another site's fields, whatever is asked", arguments: foreign)
    func ignored(fields: [String]) async throws {
        try await BugWorld.lend { world, server in
            let cookie = "Cookie: \(try #require(world.cookies["alice/private"]))"
            let planted = try world.repository("alice/private")
            let before = try await CatalogDump(server.database)
            for (head, body) in [
                ("PUT /v1/repositories/alice/private/tags/latest", "\"\(planted.image.id)\""),
                ("DELETE /v1/repositories/alice/private/tags/latest", ""), ("PUT /v1/repositories/alice/private/", "[]"),
                ("PUT /v1/repositories/alice/private/images", "[]"), ("GET /v1/repositories/alice/private/tags", nil),
                ("PUT /v1/images/\(planted.declared.id)/json", String(decoding: planted.declared.document, as: UTF8.self)),
                ("GET /v1/images/\(planted.image.id)/layer", nil), ("PUT /v1/repositories/alice/private/auth", ""),
            ] as [(String, String?)] {
                let answer = try await server.send(head, [cookie] + fields, body: body)
                #expect(answer.code == 401, "\(head) with \(fields): \(answer.status)")
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("the cookie counts where no site, or this one, asks")
    func counted() async throws {
        try await BugWorld.lend { world, server in
            let cookie = "Cookie: \(try #require(world.cookies["alice/private"]))"
            let head = "GET /v1/repositories/alice/private/tags"
            for fields in [
                [], ["Sec-Fetch-Site: none"], ["Sec-Fetch-Site: same-origin"], ["Authorization: Basic Og=="], ["Authorization: Token"],
            ] {
                #expect(try await server.send(head, [cookie] + fields).code == 200, "\(fields)")
            }
            #expect(try await server.send(head, ["\(cookie); other=1"]).code == 200)
            #expect(try await server.send(head, ["Cookie: other=1; \(cookie.dropFirst("Cookie: ".count))"]).code == 200)
        }
    }

    @Test("credentials count before the cookie, also when they are wrong")
    func after() async throws {
        try await BugWorld.lend { world, server in
            let cookie = "Cookie: \(try #require(world.cookies["alice/private"]))"
            let head = "GET /v1/repositories/alice/private/tags"
            #expect(try await server.send(head, [cookie, AccountsServer.basic("alice", "wrong")]).code == 401)
            #expect(try await server.send(head, [cookie, PermissionWorld.basic("stan")]).code == 404)
            #expect(try await server.send(head, [cookie, PermissionWorld.basic("dora")]).code == 403)
        }
    }

    @Test("a cookie that was changed is none")
    func changed() async throws {
        try await BugWorld.lend { world, server in
            let cookie = try #require(world.cookies["alice/private"])
            let head = "GET /v1/repositories/alice/private/tags"
            let value = cookie.dropFirst("wharf-session=".count)
            for text in [
                String(cookie.dropLast(2)), cookie + "A", "wharf-session=", "wharf-session=\(value.reversed().map(String.init).joined())",
            ] {
                #expect(try await server.send(head, ["Cookie: \(text)"]).code == 401, "\(text)")
            }
        }
    }

    @Test("the cookie is for this host's v1 routes, and no script's; it comes with tokens only")
    func attributes() async throws {
        try await BugWorld.lend { _, server in
            let answer = try await server.send("PUT /v1/repositories/alice/private/", [PermissionWorld.basic("alice")], body: "[]")
            let cookies = answer.values(of: "set-cookie")
            #expect(cookies.count == 1)
            let attributes = Set(cookies[0].split(separator: ";").dropFirst().map { $0.drop { $0 == " " }.lowercased() })
            #expect(cookies[0].hasPrefix("wharf-session="))
            #expect(attributes.isSuperset(of: ["httponly", "samesite=strict", "path=/v1/"]), "\(attributes)")
            #expect(!attributes.contains { $0.hasPrefix("domain") })
            #expect(!attributes.contains("secure"), "the test speaks plain HTTP")
            for head in ["GET /v1/_ping", "GET /v1/users/", "GET /v1/search", "GET /v1/repositories/alice/private/tags"] {
                #expect(try await server.send(head, [PermissionWorld.basic("alice")]).values(of: "set-cookie").isEmpty, "\(head)")
            }
        }
    }
}

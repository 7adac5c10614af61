import NIOConcurrencyHelpers
import RegistryServer
import Testing

/// field.md §4.2, class Z: a peer that is no named proxy says nothing about hosts, addresses and schemes.
@Suite("Class Z: forged Host and Forwarded fields")
struct ForwardedTests {
    static let forged = [
        "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Port: 6666",
        "X-Forwarded-Server: evil.example", "X-Real-IP: 203.0.113.9", "X-Host: evil.example", "X-Original-URL: /v1/evil.example",
        "X-Rewrite-URL: /v1/evil.example",
    ]
    static let forwarded = #"Forwarded: for=203.0.113.9;host=evil.example;proto=https;by=evil.example"#

    @Test("they reach no answer: neither endpoint nor cookie nor any other field", arguments: [forged, [forwarded]])
    func answers(fields: [String]) async throws {
        try await BugWorld.lend { _, server in
            for (head, body) in [
                ("PUT /v1/repositories/alice/private/", "[]"), ("PUT /v1/repositories/alice/private/images", "[]"),
                ("GET /v1/repositories/alice/private/images", nil), ("GET /v1/_ping", nil), ("GET /v1/users/", nil),
                ("GET /v1/search", nil),
                ("GET /v1/repositories/alice/none/images", nil),
            ] as [(String, String?)] {
                let answer = try await server.send(head, [PermissionWorld.basic("alice")] + fields, body: body)
                let all = (answer.fields + [answer.text]).joined(separator: "\n")
                #expect(!all.contains("evil") && !all.contains("203.0.113") && !all.contains("6666"), "\(head): \(all)")
                for endpoint in answer.values(of: "x-docker-endpoints") { #expect(endpoint == "registry.test:5000") }
                for cookie in answer.values(of: "set-cookie") { #expect(!cookie.lowercased().contains("secure"), "\(cookie)") }
            }
        }
    }

    @Test("the client's own Host is what it is told, and nothing else: a named host is told instead where there is one")
    func host() async throws {
        try await BugWorld.lend { _, server in
            let answer = try await server.send(
                "PUT /v1/repositories/alice/private/", ["Host: elsewhere.example", PermissionWorld.basic("alice")], body: "[]")
            #expect(answer.values(of: "x-docker-endpoints") == ["elsewhere.example"])
            #expect(!answer.values(of: "set-cookie").joined().contains("elsewhere"))
            #expect(!answer.values(of: "www-authenticate").joined().contains("elsewhere"))
            let refused = try await server.send("GET /v1/users/", ["Host: elsewhere.example"])
            #expect(!(refused.fields + [refused.text]).joined().contains("elsewhere"))
        }
        try await BugWorld.lend({ $0.externalHost = "wharf.example" }) { _, server in
            let answer = try await server.send(
                "PUT /v1/repositories/alice/private/",
                ["Host: elsewhere.example", PermissionWorld.basic("alice")] + Self.forged, body: "[]")
            #expect(answer.values(of: "x-docker-endpoints") == ["wharf.example"])
        }
    }

    @Test("no mail leads anywhere but to the configured address", arguments: [forged, [forwarded], ["Host: evil.example"]])
    func mails(fields: [String]) async throws {
        try await BugWorld.lend { _, server in
            let body = #"{"username":"mallory","email":"mallory@example.org","password":"a good secret"}"#
            #expect(try await server.send("POST /v1/users/", fields, body: body).code == 201)
            let mail = try server.lastMail()
            #expect(mail.link.hasPrefix("https://registry.test/v1/users/mallory/confirm?"), "\(mail.link)")
            #expect(!"\(mail)".contains("evil") && !"\(mail)".contains("203.0.113"))
        }
    }
}

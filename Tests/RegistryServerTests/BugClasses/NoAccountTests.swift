import DatabaseSQLite
import Foundation
import ImageRegistry
import RegistryServer
import RegistryTesting
import Testing

/// field.md §4.2, class V: there is no account but those that somebody made.
@Suite("Class V: accounts that nobody made")
struct NoAccountTests {
    static let names = [
        "admin", "administrator", "root", "wharf", "docker", "registry", "library", "test", "guest", "user", "anonymous", "a", "",
    ]
    static let passwords = [
        "", "admin", "password", "root", "wharf", "changeme", "docker", "123456", "Harbor12345", "admin123", "anonymous", "null",
    ]

    @Test("an empty catalog lets nobody in")
    func empty() async throws {
        try await TemporaryFolder.lend { folder in
            var options = AccountsServer.Options()
            options.admission = .closed
            try await AccountsServer.lend(catalog: "\(folder)/catalog.sqlite", options: options) { server in
                #expect(try await server.registry.users() == [])
                #expect(try await server.registry.organizations() == [])
                for name in Self.names {
                    for password in Set(Self.passwords + [name]) {
                        let answer = try await server.send("GET /v1/users/", [AccountsServer.basic(name, password)])
                        #expect(answer.code == 401, "\(name):\(password): \(answer.status)")
                    }
                }
                for field in [
                    "Authorization: Basic", "Authorization: Basic ", "Authorization: Basic Og", "Authorization: Basic ====",
                    "Authorization: Bearer x", "Authorization: Token signature=,repository=\"library/a\",access=write",
                    "Authorization: \(Data("admin:admin".utf8).base64EncodedString())", "X-Forwarded-User: admin", "Remote-User: admin",
                    "Cookie: wharf-session=admin",
                ] {
                    for (head, body) in [
                        ("GET /v1/users/", nil), ("PUT /v1/repositories/library/a/", "[]"), ("PUT /v1/users/admin/", "{}"),
                    ]
                        as [(String, String?)]
                    {
                        let answer = try await server.send(head, [field], body: body)
                        #expect(answer.code == 401 || answer.code == 400, "\(head) with \(field): \(answer.status)")
                    }
                }
                #expect(try await server.registry.users() == [])
                #expect(try await server.registry.repositories(in: nil) == [])
            }
        }
    }
}

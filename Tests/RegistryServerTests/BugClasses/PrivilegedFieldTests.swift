import ImageModel
import ImageRegistry
import Testing

/// field.md §4.2, class B: nobody becomes more by saying so.
@Suite("Class B: privileges in the body of a request")
struct PrivilegedFieldTests {
    static let fields = #"""
        "is_admin":true,"isAdmin":true,"admin":true,"is_administrator":1,"isAdministrator":true,"administrator":true,"sysadmin_flag":true,
        "role":"admin","roles":["admin"],"state":"active","active":true,"is_active":true,"confirmed":true,"confirmed_at":1,"id":1,
        "user_id":1,"kind":"organization","namespace":"root","access":"admin","organizations":["acme"],"groups":["admins"]
        """#

    @Test("a new account is what every new account is")
    func register() async throws {
        try await BugWorld.lend { _, server in
            let body = #"{"username":"mallory","email":"mallory@example.org","password":"a good secret",\#(Self.fields)}"#
            #expect(try await server.send("POST /v1/users/", body: body).code == 201)
            let user = try await server.registry.user(try PermissionWorld.user("mallory"))
            #expect(!user.isAdministrator)
            #expect(user.state == .unconfirmed)
            #expect(try await server.registry.members(of: try PermissionWorld.user("acme")).count == 3)
        }
    }

    @Test("a change of one's own account changes the address and the password, and nothing else", arguments: ["alice", "ulla", "dora"])
    func update(name: String) async throws {
        try await BugWorld.lend { _, server in
            let user = try PermissionWorld.user(name)
            let before = try await server.registry.user(user)
            let body = #"{"email":"more@example.org","password":"a new secret","username":"root",\#(Self.fields)}"#
            let answer = try await server.send("PUT /v1/users/\(name)/", [PermissionWorld.basic(name)], body: body)
            #expect(answer.code == (name == "alice" ? 204 : 403))
            let after = try await server.registry.user(user)
            #expect(after.isAdministrator == before.isAdministrator && after.state == before.state && after.name == before.name)
            #expect(try await server.registry.user(try PermissionWorld.user("root")).emails.map(\.text) == ["root@example.org"])
        }
    }

    @Test("a repository's properties give no rights and no honours")
    func properties() async throws {
        try await BugWorld.lend { world, server in
            let name = try world.repository("alice/private").name
            let body = #"{"access":"private","is_official":true,"isOfficial":true,"star_count":9,"owner":"stan","is_trusted":true}"#
            #expect(
                try await server.send("PUT /v1/repositories/\(name)/properties", [PermissionWorld.basic("alice")], body: body).code == 200)
            let after = try await server.registry.repository(name)
            #expect(!after.isOfficial && after.starCount == 0)
            #expect(try await server.send("GET /v1/repositories/\(name)/tags", [PermissionWorld.basic("stan")]).code == 404)
        }
    }
}

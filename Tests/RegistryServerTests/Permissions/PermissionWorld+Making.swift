import ImageModel
import ImageRegistry
import NIOConcurrencyHelpers
import RegistryServer
import RegistryWire
import Testing

extension PermissionWorld {
    /// The users, the organization, and the keys.
    mutating func people(_ registry: Registry) async throws {
        for text in Self.users + ["root", "ulla"] {
            try await registry.addUser(
                try Self.user(text), email: try #require(EmailAddress("\(text)@example.org")),
                passwordHash: try AccountsServer.hash(Self.password(of: text)), isAdministrator: text == "root",
                state: text == "ulla" ? .unconfirmed : .active)
        }
        let acme = try Self.user("acme")
        try await registry.createOrganization(acme)
        try await registry.setMember(try Self.user("mara"), .read, of: acme)
        try await registry.setMember(try Self.user("paul"), .write, of: acme)
        try await registry.setMember(try Self.user("olga"), .admin, of: acme)
        let other = try #require(RepositoryPattern("alice/other"))
        keys = [
            .readKey: try await registry.createKey(named: "read", for: Self.user("alice"), access: .read, repositories: [], expiresAt: nil),
            .writeKey: try await registry.createKey(
                named: "write", for: Self.user("alice"), access: .write, repositories: [], expiresAt: nil),
            .adminKey: try await registry.createKey(
                named: "admin", for: Self.user("alice"), access: .admin, repositories: [], expiresAt: TestServer.now + 1),
            .keyForAnother: try await registry.createKey(
                named: "other", for: Self.user("alice"), access: .admin, repositories: [other], expiresAt: nil),
            .revokedKey: try await registry.createKey(
                named: "revoked", for: Self.user("alice"), access: .admin, repositories: [], expiresAt: nil),
            .expiredKey: try await registry.createKey(
                named: "expired", for: Self.user("alice"), access: .admin, repositories: [], expiresAt: TestServer.now - 1),
            .orphanBearer: try await registry.createKey(
                named: "gone", for: Self.user("alice"), access: .admin, repositories: [], expiresAt: nil),
            .rootWriteKey: try await registry.createKey(
                named: "write", for: Self.user("root"), access: .write, repositories: [], expiresAt: nil),
            .disabledByKey: try await registry.createKey(
                named: "admin", for: Self.user("dora"), access: .admin, repositories: [], expiresAt: nil),
        ]
        try await registry.revokeKey(named: "revoked", of: try Self.user("alice"))
    }

    /// The collaborators; those whose accounts are not active have the highest rights, so that nothing but their state keeps them out.
    func letIn(_ registry: Registry) async throws {
        for name in ["alice/private", "alice/public"] {
            let name = try repository(name).name
            try await registry.setCollaborator(try Self.user("rita"), .read, on: name)
            try await registry.setCollaborator(try Self.user("wanda"), .write, on: name)
            try await registry.setCollaborator(try Self.user("ulla"), .admin, on: name)
            try await registry.setCollaborator(try Self.user("dora"), .admin, on: name)
            try await registry.setCollaborator(try Self.user("petra"), .admin, on: name)
        }
    }

    static let owned = ["alice/private", "alice/public", "alice/absent"]

    /// Tokens and a link that are too old at the world's time.
    mutating func takeExpired(_ server: AccountsServer) async throws {
        for name in Self.owned {
            tokens[TokenName(kind: .expired, repository: name)] = try await server.writeToken(for: name, by: "alice").token
        }
        links["expired"] = try await server.confirmationLink(for: "newt")
        try await server.registry.delete(try repository("alice/absent").name)
    }

    /// What the owner is handed out, and a user who is disabled afterwards.
    mutating func takeTokens(_ server: AccountsServer) async throws {
        for name in Self.owned + ["alice/other"] {
            let write = try await server.writeToken(for: name, by: "alice")
            tokens[TokenName(kind: .write, repository: name)] = write.token
            cookies[name] = write.cookie
            let path = "/v1/repositories/\(name)"
            let read = try await server.send("GET \(path)/images", [Self.basic("alice")])
            tokens[TokenName(kind: .read, repository: name)] = read.values(of: "x-docker-token").first
            let delete = try await server.send("DELETE \(path)/", [Self.basic("alice"), "X-Docker-Token: true"])
            tokens[TokenName(kind: .delete, repository: name)] = delete.values(of: "x-docker-token").first
        }
        try await server.registry.setCollaborator(try Self.user("dora"), .admin, on: try repository("alice/absent").name)
        for name in Self.owned {
            tokens[TokenName(kind: .disabled, repository: name)] = try await server.writeToken(for: name, by: "dora").token
        }
        let good = try await server.confirmationLink(for: "newtoo")
        links["good"] = good
        links["forged"] = Self.forged(link: good)
        try await server.registry.delete(try repository("alice/absent").name)
    }

    func close(_ registry: Registry) async throws {
        try await registry.setState(.disabled, of: try Self.user("dora"))
        try await registry.setPassword(try AccountsServer.hash("a later secret"), of: try Self.user("petra"))
        try await registry.revokeKey(named: "gone", of: try Self.user("alice"))
    }

    static func user(_ text: String) throws -> UserName { try #require(UserName(text)) }

    /// A token with another signature of the same length.
    static func forged(token text: String) throws -> String {
        let token = try #require(RepositoryToken(text))
        let last = try #require(token.signature.last)
        let signature = token.signature.dropLast() + (last == "A" ? "B" : "A")
        return RepositoryToken(signature: String(signature), repository: token.repository, access: token.access).text
    }

    private static func forged(link: String) -> String? {
        guard let start = link.firstRange(of: "signature=")?.upperBound, start < link.endIndex else { return nil }
        return link[..<start] + (link[start] == "A" ? "B" : "A") + link[link.index(after: start)...]
    }
}

extension AccountsServer {
    /// The write token and the cookie of a push that declares nothing.
    func writeToken(for name: String, by user: String) async throws -> (token: String, cookie: String?) {
        let answer = try await send("PUT /v1/repositories/\(name)/", [PermissionWorld.basic(user), "X-Docker-Token: true"], body: "[]")
        let token = try #require(answer.values(of: "x-docker-token").first, "\(answer.status) \(answer.text)")
        return (token, answer.values(of: "set-cookie").first.map { String($0.prefix { $0 != ";" }) })
    }

    /// Registers a user and returns the target of the link in the mail.
    func confirmationLink(for user: String) async throws -> String {
        let body = #"{"username":"\#(user)","email":"\#(user)@example.org","password":"\#(PermissionWorld.password(of: user))"}"#
        let answer = try await send("POST /v1/users/", body: body)
        try #require(answer.code == 201, "\(answer.status) \(answer.text)")
        let link = try lastMail().link
        return try #require(link.firstRange(of: "registry.test").map { String(link[$0.upperBound...]) })
    }
}

import Foundation
import ImageModel
import ImageRegistry
import Testing

/// What the world holds in the OCI Distribution dialect: content, uploads that are under way, bearer tokens.
extension PermissionWorld {
    struct BearerName: Hashable, Sendable {
        let caller: TableCaller
        /// The repository that the token is asked for.
        let repository: String
    }

    struct UploadName: Hashable, Sendable {
        let user: String
        let repository: String

        /// The bytes that are in it.
        var content: NamedBytes { NamedBytes("uploaded by \(user) to \(repository)\n") }
    }

    /// A blob that alice/other had.
    static let deleted = NamedBytes("a blob that was deleted\n")
    static let nowhere = NamedBytes("a blob that nobody has\n")
    static let unknownUpload = "5b6a3e8c-4c1f-4a53-9a3e-0d9f6f1c7e11"

    func plantContent(_ repositories: [PlantedRepository], _ server: AccountsServer) async throws {
        let root = DistributionClient.user("root", server)
        for repository in repositories {
            try await repository.content.plant(in: repository.name.text, by: root)
            try await repository.faces.plant(in: repository.name.text, by: root)
        }
        try await root.push(Self.deleted, to: "alice/other")
        try await root.expect(202, "DELETE /v2/alice/other/blobs/\(Self.deleted.digest)", [], [])
    }

    /// Everybody has begun an upload in every repository; most had no right to for longer than that.
    mutating func beginUploads(_ server: AccountsServer) async throws {
        for caller in TableCaller.allCases where caller.user != "ghost" && caller.user != "ulla" {
            for part in ["private", "public", "absent"] {
                let name = "\(caller.namespace)/\(part)"
                let mayMake =
                    ["alice", "paul", "olga", "root"].contains(caller.user) && (caller.user != "alice" || name.hasPrefix("alice"))
                if part == "absent", !mayMake { continue }
                try await begin(UploadName(user: caller.user, repository: name), server)
            }
            try await begin(UploadName(user: caller.user, repository: "alice/other"), server)
        }
    }

    private mutating func begin(_ upload: UploadName, _ server: AccountsServer) async throws {
        guard uploads[upload] == nil else { return }
        let name = try repository(upload.repository).name
        let user = try Self.user(upload.user)
        let isThere = !upload.repository.hasSuffix("/absent")
        let rights: [String: Access] = ["rita": .read, "wanda": .write, "dora": .admin, "petra": .admin, "ulla": .admin]
        if isThere { try await server.registry.setCollaborator(user, .write, on: name) }
        let client = DistributionClient.user(upload.user, server)
        let location = try await client.begin(in: upload.repository)
        try await client.append(upload.content.bytes, to: location)
        uploads[upload] = location.split(separator: "/").last.map(String.init)
        guard isThere else { return }
        if let right = rights[upload.user], upload.repository == "alice/private" || upload.repository == "alice/public" {
            try await server.registry.setCollaborator(user, right, on: name)
        } else {
            try await server.registry.removeCollaborator(user, on: name)
        }
    }

    /// The tokens of these callers, for each repository of alice's tables.
    mutating func takeBearers(_ callers: [TableCaller], _ server: AccountsServer) async throws {
        service = try await DistributionClient.service(of: server)
        for caller in callers {
            let client = DistributionClient(server, try caller == .anonymousBearer ? [] : [credential(for: caller)])
            for name in Self.owned {
                let granted = try await client.grant(
                    caller.scopes(for: name), offline: caller == .refreshBearer)
                let token = caller == .refreshBearer ? try #require(granted.refreshToken) : granted.token
                bearers[BearerName(caller: caller, repository: name)] = caller == .forgedBearer ? Self.forged(bearer: token) : token
            }
        }
    }

    func bearer(of caller: TableCaller, for repository: String) throws -> String {
        let name = Self.owned.contains(repository) ? repository : "alice/public"
        return try #require(bearers[BearerName(caller: caller, repository: name)])
    }

    private func credential(for caller: TableCaller) throws -> String {
        switch caller {
        case .orphanBearer: AccountsServer.basic("alice", try #require(keys[.orphanBearer]))
        case .readKeyBearer: AccountsServer.basic("alice", try #require(keys[.readKey]))
        default: Self.basic(caller.user)
        }
    }

    /// The same claims, another signature.
    static func forged(bearer token: String) -> String {
        guard let dot = token.lastIndex(of: ".") else { return token }
        let first = token.index(after: dot)
        return token[..<first] + (token[first] == "A" ? "B" : "A") + token[token.index(after: first)...]
    }
}

extension TableCaller {
    /// What a caller with a bearer token has asked for.
    func scopes(for repository: String) -> [String] {
        switch self {
        case .pullBearer, .anonymousBearer: ["repository:\(repository):pull"]
        case .pushBearer: ["repository:\(repository):pull,push"]
        case .deleteBearer: ["repository:\(repository):delete"]
        case .starBearer, .expiredBearer, .forgedBearer, .oldBearer, .orphanBearer, .disabledBearer: ["repository:\(repository):*"]
        case .otherBearer: ["repository:alice/other:*"]
        case .catalogBearer: ["registry:catalog:*"]
        case .plainBearer: []
        default: ["repository:\(repository):pull,push,delete"]
        }
    }
}

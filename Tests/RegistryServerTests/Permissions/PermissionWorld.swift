import Foundation
import ImageModel
import ImageRegistry
import RegistryTesting
import Storage
import Testing

/// The users, repositories, keys and tokens that the tables in Tests/Permissions speak of, in one catalog.
struct PermissionWorld: Sendable {
    /// What a token is for, and which.
    struct TokenName: Hashable, Sendable {
        enum Kind: Sendable {
            case read, write, delete, expired, disabled
        }

        let kind: Kind
        /// In alice's namespace.
        let repository: String
    }

    /// The catalog's files, by what follows its name: SQLite may leave a write-ahead log.
    private(set) var files: [String: Data] = [:]
    private(set) var store: MemoryStore
    /// What is in ``store``, for copies.
    private(set) var objects: StoreDump?
    let repositories: [String: PlantedRepository]
    var keys: [TableCaller: String] = [:]
    var tokens: [TokenName: String] = [:]
    /// `wharf-session=…` of the write tokens, by repository.
    var cookies: [String: String] = [:]
    var bearers: [BearerName: String] = [:]
    var uploads: [UploadName: String] = [:]
    /// What bearer tokens are for.
    var service = ""
    /// The links by which newt confirms an address, by the columns of their rows; without scheme and host.
    var links: [String: String] = [:]

    static let users = ["alice", "rita", "rudi", "mara", "wanda", "paul", "olga", "stan", "dora", "petra"]
    /// A rule of the configuration by which rudi reads what others have to be let in to.
    static var rules: [AccessRule] {
        get throws {
            [
                AccessRule(
                    repositories: [try #require(RepositoryPattern("alice/p*"))], who: [.named("rudi")], access: .read)
            ]
        }
    }

    static func password(of user: String) -> String { "secret of \(user)" }

    static func basic(_ user: String) -> String { AccountsServer.basic(user, password(of: user)) }

    /// Made once in a process, because it takes a second; nobody changes it.
    private static let shared = Task { try await TemporaryFolder.lend { try await make(in: $0) } }

    /// The world, with its catalog in a new file and a store of its own.
    static func copy(to path: String) async throws -> PermissionWorld {
        var world = try await shared.value
        for (suffix, content) in world.files { try content.write(to: URL(filePath: path + suffix)) }
        world.store = MemoryStore()
        try await world.objects?.restore(world.store)
        return world
    }

    func repository(_ name: String) throws -> PlantedRepository { try #require(repositories[name]) }

    private static func make(in folder: String) async throws -> PermissionWorld {
        var repositories: [String: PlantedRepository] = [:]
        for name in ["alice/private", "acme/private", "alice/other", "stan/own"] {
            repositories[name] = try PlantedRepository(name, isPrivate: true)
        }
        for name in ["alice/public", "acme/public", "library/base"] { repositories[name] = try PlantedRepository(name) }
        let present = Array(repositories.values)
        for name in ["alice/absent", "acme/absent", "library/none", "nowhere/app"] {
            repositories[name] = try PlantedRepository(name, isPrivate: true)
        }
        let catalog = "\(folder)/world.sqlite"
        let empty = PermissionWorld(store: MemoryStore(), repositories: repositories)
        let peopled = try await AccountsServer.lend(catalog: catalog, store: empty.store) { server in
            var world = empty
            try await world.people(server.registry)
            for repository in present { try await repository.plant(in: server.registry) }
            try await world.plantContent(present, server)
            try await world.letIn(server.registry)
            return world
        }
        var early = AccountsServer.Options()
        early.now = { TestServer.now - 2 * 86_400 }
        let aged = try await AccountsServer.lend(catalog: catalog, store: empty.store, options: early) { server in
            var world = peopled
            try await world.takeExpired(server)
            try await world.takeBearers([.expiredBearer], server)
            return world
        }
        var world = try await AccountsServer.lend(catalog: catalog, store: empty.store) { server in
            var world = aged
            try await world.takeTokens(server)
            try await world.beginUploads(server)
            try await world.takeBearers(TableCaller.allCases.filter { $0.isBearer && $0 != .expiredBearer }, server)
            try await world.close(server.registry)
            return world
        }
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: catalog + suffix) {
            world.files[suffix] = try Data(contentsOf: URL(filePath: catalog + suffix))
        }
        world.objects = try await StoreDump(world.store)
        return world
    }
}

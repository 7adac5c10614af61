import Credentials
import Database
import DatabaseSQLite
import ImageModel
import ImageRegistry
import RegistryTesting
import Storage
import Testing

@Suite("Access: what a caller may do with a repository, and which ones it may pull")
struct AccessTests {
    static let names = ["library/base", "alice/open", "alice/hidden", "team/open", "team/hidden", "nobody/hidden", "alicex/hidden"]
        .compactMap { RepositoryName($0) }
    static let absent = ["alice/absent", "team/absent", "library/absent", "nobody/absent"].compactMap { RepositoryName($0) }

    @Test("the two questions agree for every caller, policy and repository", arguments: [true, false])
    func agreement(allowsAnonymousPull: Bool) async throws {
        let rules = try [
            AccessRule(repositories: [#require(RepositoryPattern("team/h*n"))], who: [.users], access: .read),
            AccessRule(
                repositories: [#require(RepositoryPattern("nobody/*"))], who: [.named("carol"), .named("File.User")], access: .write),
            AccessRule(repositories: [#require(RepositoryPattern("base"))], who: [.anonymous], access: .read),
        ]
        for rules in [[], rules] {
            let policy = AccessPolicy(allowsAnonymousPull: allowsAnonymousPull, makesPrivateRepositories: true, rules: rules)
            try await Self.lend(policy) { registry, callers in
                for (label, caller) in callers {
                    let found = try await registry.search("", by: caller, offset: 0, limit: 100)
                    var readable: [String] = []
                    for name in Self.names where try await registry.access(of: caller, to: name) != nil { readable.append(name.shown) }
                    #expect(Set(found.results.map(\.name)) == Set(readable), "\(label)")
                    #expect(found.total == readable.count, "\(label)")
                }
            }
        }
    }

    @Test("each way to a right gives just that right")
    func rights() async throws {
        try await Self.lend(AccessPolicy(allowsAnonymousPull: true, makesPrivateRepositories: true)) { registry, callers in
            // base open hidden | open hidden | nobody alicex | absent: alice team library nobody
            let expected = [
                "anonymous": "- read - read - - - - - - -",
                "stranger": "- read - read - - - - - - -",
                "alice": "- admin admin read - - - admin - - -",
                "carol, member who may write": "- read - write write - - - write - -",
                "dave, collaborator who may read": "- read read read - - - - - - -",
                "root": "admin admin admin admin admin admin admin admin admin admin admin",
                "root by a key that reads": "read read read read read read read read read read read",
                "alice by a key for alice/o*": "- write - - - - - - - - -",
                "listed": "admin admin admin admin admin admin admin admin admin admin admin",
                "holder of a token for alice/hidden": "- - write - - - - - - - -",
                "root by a token for two": "- write write - read - - write - - -",
                "root by a token for nothing": "- - - - - - - - - - -",
                "alice by a key for alice/o* and a token": "- read - - - - - - - - -",
            ]
            for (label, row) in expected {
                let found = try await Self.row(of: label, registry, callers)
                #expect(found == row, "\(label)")
            }
        }
    }

    @Test("with rules, the password file's users have what the rules say and no more")
    func listed() async throws {
        let rule = AccessRule(
            repositories: [try #require(RepositoryPattern("nobody/*"))], who: [.named("File.User")], access: .write)
        try await Self.lend(AccessPolicy(allowsAnonymousPull: false, makesPrivateRepositories: true, rules: [rule])) { registry, callers in
            let found = try await Self.row(of: "listed", registry, callers)
            #expect(found == "- read - read - write - - - - write")
        }
    }

    private static func row(of label: String, _ registry: Registry, _ callers: [(String, Caller)]) async throws -> String {
        let caller = try #require(callers.first { $0.0 == label }?.1)
        var row: [String] = []
        for name in names + absent { row.append(try await registry.access(of: caller, to: name)?.rawValue ?? "-") }
        return row.joined(separator: " ")
    }

    /// A registry with a repository for each case, and callers of every kind.
    static func lend(
        _ policy: AccessPolicy, _ body: @escaping @Sendable (Registry, [(String, Caller)]) async throws -> Void
    ) async throws {
        try await TemporaryFolder.lend { folder in
            let database = try SQLiteDatabase(path: "\(folder)/catalog.sqlite")
            let limits = RegistryLimits(layerSize: 1, uncompressedLayerSize: 1, ancestryLength: 4)
            let registry = Registry(database: database, store: MemoryStore(), limits: limits, policy: { policy }, now: { 1_400_000_000 })
            try await registry.prepare()
            let hash = try PasswordHash.derive("secret", logarithm: 10)
            var users: [String: Caller.Identity] = [:]
            for name in ["alice", "carol", "dave", "root", "stranger"] {
                let user = try #require(UserName(name))
                try await registry.addUser(
                    user, email: try #require(EmailAddress("\(name)@example.com")), passwordHash: hash, isAdministrator: name == "root",
                    state: .active)
                let credential = try #require(try await registry.credential(of: user))
                users[name] = .user(user, id: credential.id, isAdministrator: credential.isAdministrator)
            }
            let team = try #require(UserName("team"))
            let carol = try #require(UserName("carol"))
            let dave = try #require(UserName("dave"))
            let hidden = try #require(RepositoryName("alice/hidden"))
            try await registry.createOrganization(team)
            try await registry.setMember(carol, .write, of: team)
            for name in names { try await registry.setPrivate(!name.text.hasSuffix("/open"), name) }
            try await registry.setCollaborator(dave, .read, on: hidden)

            func caller(_ name: String, _ key: Caller.Cap? = nil) throws -> Caller { Caller(try #require(users[name]), key: key) }
            let some = try #require(RepositoryPattern("alice/o*"))
            let own = try #require(RepositoryPattern("alice/*"))
            let other = try #require(RepositoryPattern("team/hidden"))
            let two = [Caller.Cap(access: .write, repositories: [own]), Caller.Cap(access: .read, repositories: [other, own])]
            try await body(
                registry,
                [
                    ("anonymous", .anonymous), ("anyone", .anyone), ("stranger", try caller("stranger")), ("alice", try caller("alice")),
                    ("carol, member who may write", try caller("carol")), ("dave, collaborator who may read", try caller("dave")),
                    ("root", try caller("root")),
                    ("root by a key that reads", try caller("root", Caller.Cap(access: .read, repositories: nil))),
                    ("alice by a key for alice/o*", try caller("alice", Caller.Cap(access: .write, repositories: [some]))),
                    ("listed", Caller(.listed("File.User", isAdministrator: false))),
                    ("listed administrator", Caller(.listed("Boss", isAdministrator: true))),
                    (
                        "holder of a token for alice/hidden",
                        Caller(.holder("alice"), token: [Caller.Cap(access: .write, repositories: [RepositoryPattern(hidden)])])
                    ),
                    ("root by a token for two", Caller(try #require(users["root"]), token: two)),
                    (
                        "root by a token for all",
                        Caller(try #require(users["root"]), token: two + [Caller.Cap(access: .read, repositories: nil)])
                    ),
                    ("root by a token for nothing", Caller(try #require(users["root"]), token: [])),
                    (
                        "alice by a key for alice/o* and a token",
                        Caller(
                            try #require(users["alice"]), key: Caller.Cap(access: .write, repositories: [some]),
                            token: [Caller.Cap(access: .read, repositories: nil)])
                    ),
                ])
            try database.close()
        }
    }
}

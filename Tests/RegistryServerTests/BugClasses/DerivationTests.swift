import Credentials
import ImageRegistry
import NIOConcurrencyHelpers
import Testing

@testable import Credentials

/// field.md §4.2, class T: who is unknown costs what a wrong password costs. Times are not measured here, derivations are counted.
@Suite("Class T: what a login costs")
struct DerivationTests {
    /// A checker that counts how often a password is compared with a hash.
    struct Counter: Sendable {
        let count = NIOLockedValueBox(0)

        var checker: PasswordChecker {
            PasswordChecker(derivations: 2, waiting: 64, cached: 64, decoy: AccountsServer.decoy) { [count] stored, password in
                count.withLockedValue { $0 += 1 }
                return stored.matches(password)
            }
        }

        func taken() -> Int {
            count.withLockedValue { count in
                defer { count = 0 }; return count
            }
        }
    }

    @Test("whatever is wrong about a password, one derivation finds out, and about a key none")
    func failures() async throws {
        let counter = Counter()
        try await BugWorld.lend({ $0.checker = counter.checker }) { world, server in
            let key = try #require(world.keys[.adminKey])
            // Of 6 letters, 16 digits to look it up by, and the secret.
            let secret = key.index(key.startIndex, offsetBy: 22)
            let other = key[..<secret] + (key[secret] == "a" ? "b" : "a") + key[key.index(after: secret)...]
            let logins: [(String, String, String)] = [
                ("a wrong password", "alice", "wrong"), ("no password", "alice", ""), ("an unknown user", "ghost", "wrong"),
                ("an unknown user without a password", "ghost", ""), ("a name that is none", "no user's name!", "wrong"),
                ("an organization", "acme", "wrong"), ("an unconfirmed account's wrong password", "ulla", "wrong"),
                ("a disabled account's wrong password", "dora", "wrong"),
            ]
            // What has the shape of a key is looked up by its sum, for a known user as for an unknown one.
            let keys: [(String, String, String)] = [
                ("a revoked key", "alice", try #require(world.keys[.revokedKey])), ("a changed key", "alice", String(other)),
                ("a key of somebody else", "stan", key), ("a key for an unknown user", "ghost", key),
            ]
            for (logins, derivations) in [(logins, 1), (keys, 0)] {
                for (name, user, password) in logins {
                    for _ in 1...2 {
                        #expect(try await server.send("GET /v1/users/", [AccountsServer.basic(user, password)]).code == 401)
                        let count = counter.taken()
                        #expect(count == derivations, "\(name): \(count) derivations")
                    }
                }
            }
        }
    }

    @Test("a right password is derived once, and again when what is stored is another")
    func remembered() async throws {
        let counter = Counter()
        try await BugWorld.lend({ $0.checker = counter.checker }) { _, server in
            for expected in [1, 0, 0] {
                #expect(try await server.send("GET /v1/users/", [PermissionWorld.basic("alice")]).code == 200)
                #expect(counter.taken() == expected)
            }
            try await server.registry.setPassword(
                try AccountsServer.hash(PermissionWorld.password(of: "alice")), of: try PermissionWorld.user("alice"))
            for expected in [1, 0] {
                #expect(try await server.send("GET /v1/users/", [PermissionWorld.basic("alice")]).code == 200)
                #expect(counter.taken() == expected)
            }
        }
    }

    @Test("a remembered password lets nobody else in, and no wrong one")
    func rememberedForOne() async throws {
        try await BugWorld.lend { _, server in
            #expect(try await server.send("GET /v1/users/", [PermissionWorld.basic("alice")]).code == 200)
            for user in ["stan", "ghost", "acme", "ALICE", "alice "] {
                let answer = try await server.send("GET /v1/users/", [AccountsServer.basic(user, PermissionWorld.password(of: "alice"))])
                #expect(answer.code == 401, "\(user): \(answer.status)")
            }
            for password in ["secret of alice ", "secret of Alice", "secret of alic", "", "secret of alice\u{0}", "secret of alice:x"] {
                let answer = try await server.send("GET /v1/users/", [AccountsServer.basic("alice", password)])
                #expect(answer.code == 401, "\(password.debugDescription): \(answer.status)")
            }
        }
    }
}

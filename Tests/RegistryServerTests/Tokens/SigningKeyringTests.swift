import AccessTokens
import NIOConcurrencyHelpers
import Testing

@testable import RegistryServer

@Suite("Keys for access tokens")
struct SigningKeyringTests {
    /// The catalog's keys, which several processes share.
    final class Shared: Sendable {
        let keys = NIOLockedValueBox<[SigningKey]>([])
        let reads = NIOLockedValueBox(0)
        let clock = TestClock(1_000_000)

        var store: SigningKeyStore {
            SigningKeyStore(
                load: {
                    self.reads.withLockedValue { $0 += 1 }
                    return self.keys.withLockedValue(\.self)
                },
                add: { key in self.keys.withLockedValue { $0.append(key) } },
                removeOlderThan: { time in self.keys.withLockedValue { $0.removeAll { $0.createdAt < time } } })
        }

        func ring(readInterval: Duration = .milliseconds(20)) -> SigningKeyring {
            SigningKeyring(
                store: store, configuration: AccessTokenConfiguration(accessLife: 300, keyLife: 1000), readInterval: readInterval,
                now: { self.clock.time })
        }

        var count: Int { keys.withLockedValue(\.count) }
    }

    @Test("one key is made and used until it is old, also by many at once")
    func making() async throws {
        let shared = Shared()
        let ring = shared.ring()
        let kids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await ring.signingKey().kid } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(kids.count == 1 && shared.count == 1)
        shared.clock.time += 999
        #expect(try await ring.signingKey().kid == kids.first)
        shared.clock.time += 1
        let next = try await ring.signingKey().kid
        #expect(next != kids.first && shared.count == 2)
        #expect(try await ring.signingKey().kid == next)
    }

    @Test("an old key verifies as long as a token of it can be good, and is then forgotten")
    func dying() async throws {
        let shared = Shared()
        let ring = shared.ring()
        let first = try await ring.signingKey().kid
        shared.clock.time += 1000
        let second = try await ring.signingKey().kid
        shared.clock.time += 420
        #expect(try await ring.key(first) != nil)
        #expect(try await ring.keys().map(\.kid) == [first, second])
        shared.clock.time += 1
        #expect(try await ring.key(first) == nil)
        #expect(try await ring.keys().map(\.kid) == [second])
        #expect(try await ring.key(second) != nil && shared.count == 2)
        shared.clock.time += 1000
        let third = try await ring.signingKey().kid
        #expect(try await ring.keys().map(\.kid) == [second, third] && shared.count == 2)
    }

    @Test("another process's key is known at once, and a key that nobody has is asked for no oftener than the interval")
    func unknown() async throws {
        let shared = Shared()
        let (one, other) = (shared.ring(), shared.ring())
        _ = try await one.signingKey()
        shared.clock.time += 1000
        let kid = try await other.signingKey().kid
        #expect(one.known(kid) == nil)
        #expect(try await one.key(kid)?.thumbprint == kid)
        let before = shared.reads.withLockedValue(\.self)
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    let found = try await one.key("nobody's")
                    #expect(found == nil)
                }
            }
            try await group.waitForAll()
        }
        let intervals = Int((ContinuousClock.now - started) / .milliseconds(20))
        #expect(shared.reads.withLockedValue(\.self) - before <= intervals + 1)
    }

    @Test("two new keys at once: the newest signs, both verify")
    func twoAtOnce() async throws {
        let shared = Shared()
        let keys = [SigningKey(createdAt: shared.clock.time), SigningKey(createdAt: shared.clock.time)]
        shared.keys.withLockedValue { $0 = keys }
        let ring = shared.ring()
        #expect(try await ring.signingKey().kid == keys.map(\.kid).max())
        for key in keys { #expect(try await ring.key(key.kid) != nil) }
    }
}

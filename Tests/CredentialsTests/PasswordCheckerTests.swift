import NIOConcurrencyHelpers
import Testing

@testable import Credentials

@Suite(.timeLimit(.minutes(1))) struct PasswordCheckerTests {
    /// Counts comparisons instead of making them: the password of every stored one is `right`.
    private final class Comparisons: Sendable {
        struct Counts: Equatable {
            var running = 0
            var most = 0
            var texts: [String] = []
        }

        private let counts = NIOLockedValueBox(Counts())

        var most: Int { counts.withLockedValue { $0.most } }
        var texts: [String] { counts.withLockedValue { $0.texts } }

        func compare(_ stored: StoredPassword, _ password: String, for time: Duration = .zero) -> Bool {
            counts.withLockedValue {
                $0.running += 1
                $0.most = max($0.most, $0.running)
                $0.texts.append(stored.text)
            }
            let end = ContinuousClock.now + time
            while ContinuousClock.now < end {}
            counts.withLockedValue { $0.running -= 1 }
            return password == "right"
        }
    }

    private let one = StoredPassword.scrypt(.decoy(logarithm: 10))
    private let two = StoredPassword.scrypt(.decoy(logarithm: 10))
    private let decoy = StoredPassword.scrypt(.decoy(logarithm: 10))
    private let comparisons = Comparisons()

    private func checker(
        derivations: Int = 2, waiting: Int = 256, cached: Int = 100, time: Duration = .zero
    ) -> PasswordChecker {
        PasswordChecker(derivations: derivations, waiting: waiting, cached: cached, decoy: decoy) { [comparisons] in
            comparisons.compare($0, $1, for: time)
        }
    }

    @Test("real hashes of both kinds are checked")
    func real() async throws {
        let checker = PasswordChecker(derivations: 1)
        let scrypt = StoredPassword.scrypt(try await checker.hash("pass word"))
        let bcrypt = StoredPassword.bcrypt(try #require(CryptHash("$2y$04$abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm")))
        #expect(try await checker.verify("pass word", against: scrypt))
        #expect(try await !checker.verify("pass worm", against: scrypt))
        #expect(try await checker.verify("s3cret!", against: bcrypt))
        #expect(try await !checker.verify("s3cret?", against: bcrypt))
        #expect(try await !checker.verify("pass word", against: nil))
        #expect(checker.isVerified("pass word", against: scrypt))
        #expect(checker.isVerified("s3cret!", against: bcrypt))
        #expect(!checker.isVerified("pass word", against: bcrypt))
    }

    @Test("a right password is computed once for a stored text, a wrong one each time")
    func remembered() async throws {
        let checker = checker()
        #expect(!checker.isVerified("right", against: one))
        for _ in 0..<3 { #expect(try await checker.verify("right", against: one)) }
        for _ in 0..<2 { #expect(try await !checker.verify("wrong", against: one)) }
        #expect(comparisons.texts == [one.text, one.text, one.text])
        #expect(checker.isVerified("right", against: one))
        #expect(!checker.isVerified("wrong", against: one))
    }

    @Test("a changed stored text is not verified")
    func changed() async throws {
        let checker = checker()
        #expect(try await checker.verify("right", against: one))
        #expect(!checker.isVerified("right", against: two))
        #expect(try await checker.verify("right", against: two))
        #expect(comparisons.texts == [one.text, two.text])
    }

    @Test("an unknown user costs one comparison with the decoy, each time, and is never right")
    func unknown() async throws {
        let checker = checker()
        #expect(try await !checker.verify("right", against: nil))
        #expect(try await !checker.verify("right", against: nil))
        #expect(try await !checker.verify("wrong", against: nil))
        #expect(try await !checker.verify("wrong", against: nil, decoy: two))
        // The decoy that matched is remembered, which no password does in truth: a decoy's hash is random.
        #expect(comparisons.texts == [decoy.text, decoy.text, two.text])
    }

    @Test("a flood of a hundred logins never has more than the allowed number at work, and all are answered")
    func flood() async throws {
        let checker = checker(derivations: 2, time: .milliseconds(2))
        let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask { [one] in try await checker.verify("wrong \(index)", against: index % 2 == 0 ? one : nil) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: false, count: 100))
        #expect(comparisons.texts.count == 100)
        #expect(comparisons.most == 2)
    }

    @Test("many requests at once with one right password cost one computation a thread")
    func coalesced() async throws {
        let checker = checker(derivations: 2, time: .milliseconds(20))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { [one] in
                    let isRight = try await checker.verify("right", against: one)
                    #expect(isRight)
                }
            }
            try await group.waitForAll()
        }
        #expect(comparisons.texts.count <= 2)
    }

    @Test("when as many wait as may, the next one is told so, and a remembered password is not")
    func busy() async throws {
        let checker = checker(derivations: 1, waiting: 3, time: .milliseconds(300))
        #expect(try await checker.verify("right", against: two))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<4 { group.addTask { [one] in _ = try await checker.verify("\(index)", against: one) } }
            while checker.waiting < 3 { try await Task.sleep(for: .milliseconds(1)) }
            await #expect(throws: PasswordChecker.Busy()) { try await checker.verify("x", against: one) }
            await #expect(throws: PasswordChecker.Busy()) { try await checker.hash("x") }
            #expect(try await checker.verify("right", against: two))
            try await group.waitForAll()
        }
        #expect(checker.waiting == 0)
    }

    @Test("no more right passwords are remembered than allowed, and those used last are")
    func boundedCache() async throws {
        let cache = VerifiedCache(limit: 10)
        for index in 0..<1000 {
            cache.insert("\(index)", for: "text")
            #expect(cache.contains("0", for: "text"))
        }
        #expect(cache.count <= 10)
        #expect((995..<1000).allSatisfy { cache.contains("\($0)", for: "text") })
        #expect(!cache.contains("1", for: "text"))
        #expect(!cache.contains("99", for: "text9"))
        #expect(!cache.contains("t999", for: "tex"))
    }
}

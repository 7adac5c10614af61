import NIOConcurrencyHelpers
import Testing

@testable import Credentials

@Suite struct LoginThrottleTests {
    /// A clock that stands until it is moved.
    private final class Clock: Sendable {
        private let instant = NIOLockedValueBox(ContinuousClock.now)

        var now: ContinuousClock.Instant { instant.withLockedValue { $0 } }

        func advance(_ duration: Duration) { instant.withLockedValue { $0 += duration } }
    }

    private let clock = Clock()

    private func throttle(free: Int = 3, entries: Int = 100) -> LoginThrottle {
        LoginThrottle(freeFailures: free, maximumDelay: .seconds(3), entries: entries) { [clock] in clock.now }
    }

    @Test("the first failures are free, then the delay doubles up to its maximum")
    func doubling() {
        let throttle = throttle()
        var delays: [Duration] = []
        for _ in 0..<8 {
            delays.append(throttle.delay(for: ["user alice"]))
            throttle.failed(["user alice"])
        }
        #expect(
            delays == [
                .zero, .zero, .zero, .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(3),
            ])
        for _ in 0..<100 { throttle.failed(["user alice"]) }
        #expect(throttle.delay(for: ["user alice"]) == .seconds(3))
    }

    @Test("the worst of the keys decides, and others are not slowed")
    func keys() {
        let throttle = throttle(free: 1)
        throttle.failed(["address 192.0.2.1", "user alice"])
        throttle.failed(["address 192.0.2.1", "user bob"])
        #expect(throttle.delay(for: ["address 192.0.2.1", "user carol"]) == .milliseconds(500))
        #expect(throttle.delay(for: ["address 192.0.2.2", "user alice"]) == .milliseconds(250))
        #expect(throttle.delay(for: ["address 192.0.2.2", "user carol"]) == .zero)
        #expect(throttle.delay(for: []) == .zero)
    }

    @Test("a success forgets the failures of its keys only")
    func success() {
        let throttle = throttle(free: 1)
        throttle.failed(["address 192.0.2.1", "user alice"])
        throttle.succeeded(["user alice"])
        #expect(throttle.delay(for: ["user alice"]) == .zero)
        #expect(throttle.delay(for: ["address 192.0.2.1"]) == .milliseconds(250))
        throttle.failed(["user alice"])
        #expect(throttle.delay(for: ["user alice"]) == .milliseconds(250))
    }

    @Test("15 minutes after its last failure a key is forgotten")
    func forgetting() {
        let throttle = throttle(free: 1)
        throttle.failed(["user alice"])
        clock.advance(.seconds(600))
        throttle.failed(["user alice", "user bob"])
        clock.advance(.seconds(899))
        #expect(throttle.delay(for: ["user alice"]) == .milliseconds(500))
        clock.advance(.seconds(1))
        #expect(throttle.delay(for: ["user alice"]) == .zero)
        throttle.failed(["user alice"])
        #expect(throttle.delay(for: ["user alice"]) == .milliseconds(250))
        #expect(throttle.count == 1)
    }

    @Test("no more keys than allowed are remembered; the one that failed the longest ago goes first")
    func bounded() {
        let throttle = throttle(free: 1, entries: 3)
        for user in ["a", "b", "c", "a", "d"] { throttle.failed([user]) }
        #expect(throttle.count == 3)
        #expect(
            ["a", "b", "c", "d"].map { throttle.delay(for: [$0]) } == [.milliseconds(500), .zero, .milliseconds(250), .milliseconds(250)])
    }

    @Test("memory does not grow with failures")
    func memory() {
        let throttle = throttle(entries: 50)
        for index in 0..<20_000 { throttle.failed(["user \(index % 7)", "address \(index)"]) }
        #expect(throttle.count == 50)
        #expect(throttle.noteCount < 200)
        throttle.succeeded((0..<7).map { "user \($0)" })
        for _ in 0..<1000 { throttle.failed(["user 1"]) }
        #expect(throttle.noteCount < 200)
    }

    @Test("a very long key is cut")
    func longKey() {
        let throttle = throttle(free: 1)
        throttle.failed([String(repeating: "x", count: 321)])
        #expect(throttle.delay(for: [String(repeating: "x", count: 500)]) == .milliseconds(250))
        #expect(throttle.delay(for: [String(repeating: "x", count: 319)]) == .zero)
    }

    @Test(
        "addresses count as they are handed out",
        arguments: [
            ("192.0.2.7", "address 192.0.2.7"), ("::ffff:192.0.2.7", "address 192.0.2.7"),
            ("2001:DB8:1:2:3:4:5:6", "address 2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "address 2001:db8:1:2::/64"), ("::1", "address 0:0:0:0::/64"), ("fe80::1%eth0", "address fe80:0:0:0::/64"),
            ("?", "address ?"),
        ])
    func addresses(text: String, key: String) {
        #expect(LoginThrottle.key(address: text) == key)
    }

    @Test("a user's key is no address's")
    func user() {
        #expect(LoginThrottle.key(user: "alice") == "user alice")
    }
}

import Glibc
import NIOConcurrencyHelpers
import Testing

@testable import Credentials

@Suite(.timeLimit(.minutes(1))) struct DerivationGateTests {
    private struct Failure: Error {}

    /// Work that takes a lane until it is let go, or for ten seconds, so that a failing test comes to an end.
    private final class Holder: Sendable {
        private let state = NIOLockedValueBox((hasBegun: false, isLetGo: false, hasEnded: false))

        var hasEnded: Bool { state.withLockedValue { $0.hasEnded } }

        func work() {
            state.withLockedValue { $0.hasBegun = true }
            let end = ContinuousClock.now + .seconds(10)
            while !state.withLockedValue({ $0.isLetGo }), ContinuousClock.now < end { usleep(1000) }
            state.withLockedValue { $0.hasEnded = true }
        }

        func letGo() { state.withLockedValue { $0.isLetGo = true } }

        func hasBegun() async throws {
            while !state.withLockedValue({ $0.hasBegun }) { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    /// A gate of one lane, which is taken while `body` runs.
    private func withHeldGate(_ body: (DerivationGate) async throws -> Void) async throws {
        let gate = DerivationGate(width: 1, waiting: 100)
        let holder = Holder()
        let holding = Task { try await gate.run { holder.work() } }
        defer { holder.letGo() }
        try await holder.hasBegun()
        try await body(gate)
        #expect(!holder.hasEnded)
        holder.letGo()
        try await holding.value
        #expect(try await gate.run { 7 } == 7)
    }

    @Test("waiting work is done in the order in which it came")
    func order() async throws {
        let done = NIOLockedValueBox<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await withHeldGate { gate in
                for index in 0..<20 {
                    group.addTask { try await gate.run { done.withLockedValue { $0.append(index) } } }
                    while gate.waiting <= index { try await Task.sleep(for: .milliseconds(1)) }
                }
            }
            try await group.waitForAll()
        }
        #expect(done.withLockedValue { $0 } == Array(0..<20))
    }

    @Test("who is cancelled while waiting leaves at once, and does no work")
    func cancelledWaiter() async throws {
        let hasRun = NIOLockedValueBox(false)
        try await withHeldGate { gate in
            let waiter = Task { try await gate.run { hasRun.withLockedValue { $0 = true } } }
            while gate.waiting < 1 { try await Task.sleep(for: .milliseconds(1)) }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            #expect(gate.waiting == 0)
        }
        #expect(!hasRun.withLockedValue { $0 })
    }

    @Test("who was cancelled before does not wait at all")
    func cancelledBefore() async throws {
        try await withHeldGate { gate in
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await gate.run { 1 }
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("a failure is thrown to who asked, and its lane is free again")
    func failure() async throws {
        let gate = DerivationGate(width: 1, waiting: 0)
        await #expect(throws: Failure.self) { try await gate.run { throw Failure() } }
        #expect(try await gate.run { 7 } == 7)
    }

    @Test("work that blocks does not keep Swift's own tasks from running")
    func ownThreads() async throws {
        let gate = DerivationGate(width: 8, waiting: 0)
        let isHeld = NIOLockedValueBox(true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await gate.run { while isHeld.withLockedValue({ $0 }) { usleep(1000) } } } }
            // Eight threads are blocked until these are through; were they of the pool, nothing would go on, up to the suite's limit.
            for _ in 0..<100 { await Task { await Task.yield() }.value }
            isHeld.withLockedValue { $0 = false }
            try await group.waitForAll()
        }
    }
}

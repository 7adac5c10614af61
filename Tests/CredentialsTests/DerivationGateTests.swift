import Glibc
import NIOConcurrencyHelpers
import Testing

@testable import Credentials

@Suite struct DerivationGateTests {
    private struct Failure: Error {}

    @Test("waiting work is done in the order in which it came")
    func order() async throws {
        let gate = DerivationGate(width: 1, waiting: 100)
        let done = NIOLockedValueBox<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask { try await gate.run { [done] in done.withLockedValue { $0.append(index) } } }
                // The first runs long enough for the others to line up behind it.
                if index == 0 { group.addTask { try await gate.run { _ = usleep(100_000) } } }
                while index > 0, gate.waiting < index, done.withLockedValue({ $0.count }) < 2 { await Task.yield() }
                try await Task.sleep(for: .milliseconds(1))
            }
            try await group.waitForAll()
        }
        #expect(done.withLockedValue { $0 } == Array(0..<20))
    }

    @Test("who is cancelled while waiting leaves at once, and does no work")
    func cancelledWaiter() async throws {
        let gate = DerivationGate(width: 1, waiting: 100)
        let isHeld = NIOLockedValueBox(true)
        let holder = Task { try await gate.run { while isHeld.withLockedValue({ $0 }) { usleep(1000) } } }
        let hasRun = NIOLockedValueBox(false)
        let waiter = Task {
            try await gate.run { hasRun.withLockedValue { $0 = true } }
        }
        while gate.waiting < 1 { try await Task.sleep(for: .milliseconds(1)) }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(gate.waiting == 0)
        isHeld.withLockedValue { $0 = false }
        try await holder.value
        #expect(try await gate.run { 7 } == 7)
        #expect(!hasRun.withLockedValue { $0 })
    }

    @Test("who was cancelled before does not wait")
    func cancelledBefore() async throws {
        let gate = DerivationGate(width: 1, waiting: 100)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await gate.run { 1 }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await gate.run { 7 } == 7)
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
            // Eight threads are blocked; were they of the pool, this would never come to its end.
            for _ in 0..<100 { await Task { await Task.yield() }.value }
            isHeld.withLockedValue { $0 = false }
            try await group.waitForAll()
        }
    }
}

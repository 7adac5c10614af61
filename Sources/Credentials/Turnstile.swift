import Synchronization

/// Lets a few do at a time what is too heavy for many; the others wait in order, and too many are turned away.
public final class Turnstile: Sendable {
    /// So many wait already that one more would be served too late.
    public struct Full: Error, Equatable, Sendable {
        public init() {}
    }

    private typealias Entry = CheckedContinuation<Int, any Error>

    private struct State {
        var free: [Int]
        var waiting: [(id: UInt64, entry: Entry)] = []
        var lastID: UInt64 = 0
    }

    private let waitingLimit: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - width: Those that may pass at once; at least one.
    ///   - waiting: Those that wait at the most.
    public init(width: Int, waiting: Int) {
        waitingLimit = waiting
        state = Mutex(State(free: Array(0..<max(1, width))))
    }

    public var waiting: Int { state.withLock { $0.waiting.count } }

    /// - Parameter body: Is told its place, a number below the width that nobody else has meanwhile.
    /// - Throws: ``Full``, `CancellationError` while it waits, or what `body` throws.
    public func pass<Value>(_ body: (Int) async throws -> Value) async throws -> Value {
        let place = try await enter()
        defer { leave(place) }
        try Task.checkCancellation()
        return try await body(place)
    }

    private func enter() async throws -> Int {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { entry in
                let outcome: Result<Int, any Error>? = state.withLock { state in
                    // Asked under the lock: a cancellation that comes later finds the entry in the queue.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let place = state.free.popLast() { return .success(place) }
                    guard state.waiting.count < waitingLimit else { return .failure(Full()) }
                    state.waiting.append((id, entry))
                    return nil
                }
                if let outcome { entry.resume(with: outcome) }
            }
        } onCancel: {
            let entry = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).entry }
            }
            entry?.resume(throwing: CancellationError())
        }
    }

    /// Hands the place to who has waited longest.
    private func leave(_ place: Int) {
        let next = state.withLock { state -> Entry? in
            guard !state.waiting.isEmpty else {
                state.free.append(place)
                return nil
            }
            return state.waiting.removeFirst().entry
        }
        next?.resume(returning: place)
    }
}

import Dispatch
import Synchronization

/// Lets a few pieces of blocking work run at once, each on a thread of its own; further ones wait in order.
///
/// Each lane is a serial dispatch queue: libdispatch serves those with threads beyond the pool of one per core, on which Swift's own tasks
/// run and which a tenth of a second's computing for each login would starve. An idle lane has no thread.
final class DerivationGate: Sendable {
    private typealias Entry = CheckedContinuation<Int, any Error>

    private struct State {
        var free: [Int]
        var waiting: [(id: UInt64, entry: Entry)] = []
        var lastID: UInt64 = 0
    }

    private let lanes: [DispatchQueue]
    private let waitingLimit: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - width: Pieces that run at once; at least one.
    ///   - waiting: Pieces that wait at the most.
    init(width: Int, waiting: Int) {
        lanes = (0..<max(1, width)).map { DispatchQueue(label: "wharf.derivation.\($0)") }
        waitingLimit = waiting
        state = Mutex(State(free: Array(lanes.indices)))
    }

    /// Pieces that wait for a lane.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// - Throws: ``PasswordChecker/Busy``, `CancellationError` while it waits, or what `work` throws. Work that has begun is not cut short,
    ///   and its lane is taken until it ends.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let lane = try await enter()
        defer { leave(lane) }
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            lanes[lane].async { continuation.resume(with: Result(catching: work)) }
        }
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
                    if let lane = state.free.popLast() { return .success(lane) }
                    guard state.waiting.count < waitingLimit else { return .failure(PasswordChecker.Busy()) }
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

    /// Hands the lane to who has waited longest.
    private func leave(_ lane: Int) {
        let next = state.withLock { state -> Entry? in
            guard !state.waiting.isEmpty else {
                state.free.append(lane)
                return nil
            }
            return state.waiting.removeFirst().entry
        }
        next?.resume(returning: lane)
    }
}

import NIOConcurrencyHelpers

/// Lets a few do at a time what is too heavy for many; the others wait in order, and too many are turned away.
final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
        var nextID: UInt64 = 0
    }

    /// Those that may wait, for each that may pass.
    private static let queue = 16

    private let queueLimit: Int
    private let state: NIOLockedValueBox<State>

    init(width: Int) {
        queueLimit = width * Self.queue
        state = NIOLockedValueBox(State(free: width))
    }

    /// - Throws: ``V1Refusal/tooBusy``, `CancellationError`, and what `body` throws.
    func pass<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws {
        let id = state.withLockedValue { state in
            state.nextID += 1
            return state.nextID
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLockedValue { state in
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    guard state.waiting.count < queueLimit else { return false }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLockedValue { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
            }
            waiter?.resume(returning: false)
        }
        guard isIn else { throw Task.isCancelled ? CancellationError() as any Error : V1Refusal.tooBusy }
    }

    private func leave() {
        let next = state.withLockedValue { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}

import Dispatch

/// Lets a few pieces of blocking work run at once, each on a thread of its own; further ones wait in order.
///
/// Each lane is a serial dispatch queue: libdispatch serves those with threads beyond the pool of one per core, on which Swift's own tasks
/// run and which a tenth of a second's computing for each login would starve. An idle lane has no thread.
final class DerivationGate: Sendable {
    private let lanes: [DispatchQueue]
    private let turnstile: Turnstile

    /// - Parameters:
    ///   - width: Pieces that run at once; at least one.
    ///   - waiting: Pieces that wait at the most.
    init(width: Int, waiting: Int) {
        lanes = (0..<max(1, width)).map { DispatchQueue(label: "wharf.derivation.\($0)") }
        turnstile = Turnstile(width: width, waiting: waiting)
    }

    /// Pieces that wait for a lane.
    var waiting: Int { turnstile.waiting }

    /// - Throws: ``Turnstile/Full``, `CancellationError` while it waits, or what `work` throws. Work that has begun is not cut short, and its
    ///   lane is taken until it ends.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await turnstile.pass { lane in
            try await withCheckedThrowingContinuation { continuation in
                lanes[lane].async { continuation.resume(with: Result(catching: work)) }
            }
        }
    }
}

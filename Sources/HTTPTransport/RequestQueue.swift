import NIOCore
import Synchronization

/// A request on its way from the event loop to the connection's task.
struct Arrived: Sendable {
    let request: Request
    let context: RequestContext
    /// Who writes the answer.
    let handler: NIOLoopBound<ConnectionHandler>
    /// Whether the connection's next request may come before this one is answered: HTTP/2.
    let isConcurrent: Bool
}

/// Hands requests over. Over HTTP/1.1 there is at most one at a time, for the next one comes only after the last was answered; over HTTP/2
/// as many as the connection may have streams, and those that were reset since.
final class RequestQueue: Sendable {
    private struct State {
        var requests = CircularBuffer<Arrived>(initialCapacity: 1)
        var waiting: CheckedContinuation<Arrived?, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())

    /// The next request; nil once the connection is gone and everything that came before was fetched.
    func next() async -> Arrived? {
        await withCheckedContinuation { continuation in
            let ready: Arrived?? = state.withLock { state in
                if let arrived = state.requests.popFirst() { return .some(arrived) }
                if state.isFinished || state.waiting != nil { return .some(nil) }
                state.waiting = continuation
                return .none
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    func offer(_ arrived: Arrived) {
        let waiting: CheckedContinuation<Arrived?, Never>? = state.withLock { state in
            if state.isFinished { return nil }
            if let waiting = state.waiting {
                state.waiting = nil
                return waiting
            }
            state.requests.append(arrived)
            return nil
        }
        waiting?.resume(returning: arrived)
    }

    /// No more requests; whoever waits is told. Those that were not fetched yet stay, for they may have been meant to be carried out.
    func finish() {
        let waiting: CheckedContinuation<Arrived?, Never>? = state.withLock { state in
            state.isFinished = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }
}

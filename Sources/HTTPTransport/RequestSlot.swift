import Synchronization

/// A request on its way from the event loop to the connection's task.
struct Arrived: Sendable {
    let request: Request
    let context: RequestContext
}

/// Hands requests over, one at a time: the next one comes only after the last was answered, so one place is enough.
final class RequestSlot: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Arrived?, Never>)
        case holding(Arrived)
        /// The connection is gone, and this came before.
        case holdingLast(Arrived)
        case finished
    }

    private let state = Mutex(State.empty)

    /// The next request; nil once the connection is gone.
    func next() async -> Arrived? {
        await withCheckedContinuation { continuation in
            let ready: Arrived?? = state.withLock { state in
                switch state {
                case .empty:
                    state = .waiting(continuation)
                    return .none
                case .holding(let arrived):
                    state = .empty
                    return .some(arrived)
                case .holdingLast(let arrived):
                    state = .finished
                    return .some(arrived)
                case .finished, .waiting:
                    return .some(nil)
                }
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    func offer(_ arrived: Arrived) {
        let waiting: CheckedContinuation<Arrived?, Never>? = state.withLock { state in
            switch state {
            case .waiting(let continuation):
                state = .empty
                return continuation
            case .empty, .holding:
                state = .holding(arrived)
                return nil
            case .finished, .holdingLast:
                return nil
            }
        }
        waiting?.resume(returning: arrived)
    }

    /// No more requests; whoever waits is told. One that was not fetched yet stays, for it may have been meant to be carried out.
    func finish() {
        let waiting: CheckedContinuation<Arrived?, Never>? = state.withLock { state in
            switch state {
            case .waiting(let continuation):
                state = .finished
                return continuation
            case .holding(let arrived):
                state = .holdingLast(arrived)
            case .empty:
                state = .finished
            case .holdingLast, .finished:
                break
            }
            return nil
        }
        waiting?.resume(returning: nil)
    }
}

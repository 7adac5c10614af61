import Synchronization

/// Adds up the time between its starts and stops.
final class Stopwatch: Sendable {
    private let state = Mutex<(total: Duration, since: ContinuousClock.Instant?)>((.zero, nil))

    /// A watch that runs.
    init() { start() }

    func start() { state.withLock { $0.since = .now } }

    func stop() {
        state.withLock { state in
            guard let since = state.since else { return }
            state.total += since.duration(to: .now)
            state.since = nil
        }
    }

    /// Stops the watch.
    var seconds: Double {
        stop()
        return state.withLock { $0.total / .seconds(1) }
    }
}

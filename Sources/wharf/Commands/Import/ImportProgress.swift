import Glibc
import Synchronization

/// Says on standard error how far an import is: on a terminal in one line that changes, elsewhere in a line every ten seconds.
final class ImportProgress: Sendable {
    private struct State {
        var repositories = 0
        var things = 0
        var bytes: Int64 = 0
        var name = ""
        var shownAt: ContinuousClock.Instant
        var isShown = false
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State(shownAt: .now))

    private var interval: Duration { isTerminal ? .milliseconds(200) : .seconds(10) }

    func begin(_ name: String) {
        update {
            $0.repositories += 1
            $0.name = name
        }
    }

    /// An image or a manifest was looked at.
    func step() { update { $0.things += 1 } }

    func read(_ bytes: Int) { update { $0.bytes += Int64(bytes) } }

    private func update(_ change: (inout State) -> Void) {
        let line: String? = state.withLock { state in
            change(&state)
            let now = ContinuousClock.now
            guard now - state.shownAt >= interval else { return nil }
            state.shownAt = now
            state.isShown = true
            return
                "\(state.repositories) repositories, \(state.things) images, \(state.bytes >> 20) MiB read; at \(Visible.text(state.name))"
        }
        guard let line else { return }
        StandardError.write(isTerminal ? "\r\u{1b}[K\(line)" : "\(line)\n")
    }

    /// Takes the line away, so that the report begins with its own.
    func end() {
        if isTerminal, state.withLock(\.isShown) { StandardError.write("\r\u{1b}[K") }
    }
}

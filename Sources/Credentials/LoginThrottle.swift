import Synchronization

/// Slows logins that keep failing, by the address they come from and by the account they try.
///
/// It only counts and says how long; the caller waits. Nobody is locked out: a right password that was verified lately need not ask at all,
/// so whoever tries an account's passwords from elsewhere does not stop its owner's engines.
public final class LoginThrottle: Sendable {
    /// The first delay; each further failure doubles it.
    public static let firstDelay = Duration.milliseconds(250)
    /// A key without a failure for so long is forgotten.
    public static let memory = Duration.seconds(15 * 60)
    /// Bytes of a key that count.
    static let keyLimit = 320

    private struct Failures {
        var count: Int
        var last: ContinuousClock.Instant
        /// The note in the queue that stands for the last failure; earlier notes of the key are void.
        var note: UInt64
    }

    private struct State {
        var failures: [String: Failures] = [:]
        /// In the order of failures; what stands before `head` is done with.
        var notes: [(key: String, number: UInt64)] = []
        var head = 0
        var lastNote: UInt64 = 0
    }

    private let freeFailures: Int
    private let maximumDelay: Duration
    private let entries: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    /// - Parameters:
    ///   - freeFailures: Failures of a key that cost nothing: people mistype.
    ///   - maximumDelay: What doubling ends at.
    ///   - entries: Keys that are remembered; beyond, the one whose last failure is the longest ago is forgotten.
    ///   - now: A clock that never goes backwards.
    public init(
        freeFailures: Int, maximumDelay: Duration, entries: Int = 100_000,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.freeFailures = max(0, freeFailures)
        self.maximumDelay = maximumDelay
        self.entries = max(1, entries)
        self.now = now
    }

    /// How long the answer to a login is to be held back: the longest of what the keys' failures cost.
    public func delay(for keys: [String]) -> Duration {
        let now = now()
        let count = state.withLock { state in
            keys.compactMap { key -> Int? in
                guard let failures = state.failures[Self.cut(key)], now - failures.last < Self.memory else { return nil }
                return failures.count
            }.max() ?? 0
        }
        guard count > 0, count >= freeFailures else { return .zero }
        // Past 2^20 of the first delay, nearly three days, nobody waits anyway.
        return min(maximumDelay, Self.firstDelay * (1 << min(count - max(freeFailures, 1), 20)))
    }

    /// Counts a wrong password for every key.
    public func failed(_ keys: [String]) {
        let now = now()
        state.withLock { state in
            forget(before: now - Self.memory, &state)
            for key in keys { note(Self.cut(key), at: now, &state) }
        }
    }

    /// Forgets the failures of the keys. An account's key, as a rule, and not the address's: whoever has one account of their own could
    /// otherwise try others' passwords for ever.
    public func succeeded(_ keys: [String]) {
        state.withLock { state in
            for key in keys { state.failures[Self.cut(key)] = nil }
        }
    }

    var count: Int { state.withLock { $0.failures.count } }
    var noteCount: Int { state.withLock { $0.notes.count } }

    private func note(_ key: String, at now: ContinuousClock.Instant, _ state: inout State) {
        state.lastNote += 1
        state.failures[key] = Failures(count: (state.failures[key]?.count ?? 0) + 1, last: now, note: state.lastNote)
        state.notes.append((key, state.lastNote))
        while state.failures.count > entries { drop(&state) }
        // Void notes are swept when they outnumber the rest, so a note costs a constant time on average.
        guard state.notes.count > 2 * state.failures.count + 64 else { return }
        state.notes = state.notes[state.head...].filter { state.failures[$0.key]?.note == $0.number }
        state.head = 0
    }

    private func forget(before deadline: ContinuousClock.Instant, _ state: inout State) {
        while state.head < state.notes.count {
            let note = state.notes[state.head]
            if let failures = state.failures[note.key], failures.note == note.number, failures.last > deadline { return }
            drop(&state)
        }
    }

    /// Takes the first note away, and the key that it stands for.
    private func drop(_ state: inout State) {
        guard state.head < state.notes.count else { return }
        let note = state.notes[state.head]
        state.head += 1
        if state.failures[note.key]?.note == note.number { state.failures[note.key] = nil }
    }

    /// Keys come from outside; a very long one shares the counter with those that begin alike.
    private static func cut(_ key: String) -> String {
        key.utf8.count <= keyLimit ? key : String(decoding: key.utf8.prefix(keyLimit), as: UTF8.self)
    }
}

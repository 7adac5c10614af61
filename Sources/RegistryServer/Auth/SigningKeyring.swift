import AccessTokens
import Credentials
import NIOConcurrencyHelpers

/// The keys that access tokens are signed with: the newest signs, and those before it verify until no token of theirs can be good.
///
/// Several processes share the keys through the catalog. Two may make a new one at once: both verify, the newer signs. A token with a key
/// that is not known yet has the keys read again.
final class SigningKeyring: Sendable {
    private struct Entry {
        let key: SigningKey
        let verification: VerificationKey
    }

    private struct State {
        /// The newest last.
        var entries: [Entry] = []
        /// When they began to be read.
        var readAt: ContinuousClock.Instant?
    }

    /// Seconds after which every process has seen a new key, and half of them again for clocks that differ.
    private static let spreading: Int64 = 120
    /// The keys are read again after so long: one may have been added by hand.
    private static let freshness = Duration.seconds(60)
    /// Requests that wait while keys are read.
    private static let waitingLimit = 1024

    private let store: SigningKeyStore
    private let configuration: AccessTokenConfiguration
    private let now: @Sendable () -> Int64
    private let readInterval: Duration
    private let state = NIOLockedValueBox(State())
    private let reading = Turnstile(width: 1, waiting: waitingLimit)
    /// Before that, for those who name a key that nobody knows: they hold up nobody but each other.
    private let asking = Turnstile(width: 1, waiting: waitingLimit)

    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - readInterval: what lies between two reads for the sake of unknown keys, whoever sends them.
    init(
        store: SigningKeyStore, configuration: AccessTokenConfiguration, readInterval: Duration = .seconds(1),
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.configuration = configuration
        self.readInterval = readInterval
        self.now = now
    }

    /// The key to sign with, made if there is none yet or the newest is too old.
    func signingKey() async throws -> SigningKey {
        try await readIfStale()
        if let key = youngKey { return key }
        return try await Self.pass(reading) {
            // Another request or process may have made one meanwhile.
            try await read()
            if let key = youngKey { return key }
            let key = SigningKey(createdAt: now())
            try await store.add(key)
            try await read()
            if let first = live.first { try await store.removeOlderThan(first.key.createdAt) }
            return youngKey ?? key
        }
    }

    /// The key that a token names; nil when it is none of ours or has served its time.
    func key(_ kid: String) async throws -> VerificationKey? {
        try await readIfStale()
        if let key = known(kid) { return key }
        let asked = ContinuousClock.now
        try await Self.pass(asking) {
            if let readAt = state.withLockedValue(\.readAt) {
                guard readAt < asked else { return }
                try await Task.sleep(until: readAt + readInterval, clock: .continuous)
            }
            try await Self.pass(reading) { try await read() }
        }
        return known(kid)
    }

    /// The key that is known by this name already.
    func known(_ kid: String) -> VerificationKey? { live.first { $0.key.kid == kid }?.verification }

    /// Those whose tokens may be good, the newest last; never none.
    func keys() async throws -> [SigningKey] {
        _ = try await signingKey()
        return live.map(\.key)
    }

    private var youngKey: SigningKey? {
        guard let newest = state.withLockedValue({ $0.entries.last?.key }), now() < newest.createdAt + configuration.keyLife else {
            return nil
        }
        return newest
    }

    /// A key whose successor has signed for longer than a token is good is dead: whoever finds it can do nothing with it.
    private var live: [Entry] {
        let entries = state.withLockedValue(\.entries)
        let time = now()
        return zip(entries, entries.dropFirst().map(\.key.createdAt) + [time]).filter { _, replacedAt in
            time <= replacedAt + configuration.accessLife + Self.spreading
        }.map(\.0)
    }

    private func readIfStale() async throws {
        func isStale() -> Bool { state.withLockedValue { $0.readAt.map { ContinuousClock.now - $0 > Self.freshness } ?? true } }
        guard isStale() else { return }
        try await Self.pass(reading) { if isStale() { try await read() } }
    }

    private func read() async throws {
        let begun = ContinuousClock.now
        let stored = try await store.load().sorted { ($0.createdAt, $0.kid) < ($1.createdAt, $1.kid) }
        let known = Dictionary(state.withLockedValue(\.entries).map { ($0.key.kid, $0) }) { $1 }
        var entries: [Entry] = []
        for key in stored {
            if let entry = known[key.kid] {
                entries.append(entry)
            } else {
                entries.append(Entry(key: key, verification: try await VerificationKey(key)))
            }
        }
        let settled = entries
        state.withLockedValue { $0 = State(entries: settled, readAt: begun) }
    }

    /// - Throws: ``AccessRefusal/tooBusy``, or what `body` throws.
    private static func pass<Value>(_ turnstile: Turnstile, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await turnstile.pass { _ in try await body() }
        } catch is Turnstile.Full {
            throw AccessRefusal.tooBusy
        }
    }
}

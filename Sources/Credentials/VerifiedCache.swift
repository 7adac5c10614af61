import Crypto
import FoundationEssentials
import Synchronization

/// Remembers that a password was right for a stored text, without keeping either: the key is an HMAC of both, with a secret that dies with
/// the process. A changed stored text misses by construction.
///
/// Two generations instead of a list of uses: what is asked moves to the young one, and when that is full the old one goes. So the most
/// recently used half of `limit` is always kept.
final class VerifiedCache: Sendable {
    private struct Generations {
        var young: Set<Fingerprint> = []
        var old: Set<Fingerprint> = []
    }

    private struct Fingerprint: Hashable {
        let words: (UInt64, UInt64, UInt64, UInt64)

        static func == (one: Self, other: Self) -> Bool { one.words == other.words }

        /// Its bits are random to everybody outside, so a few of them spread as well as all.
        func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
    }

    // A copy goes on from here: the secret's own half of the work is done once, which saves half of the time.
    private let keyed = HMAC<SHA256>(key: SymmetricKey(size: .bits256))
    private let half: Int
    private let generations = Mutex(Generations())

    init(limit: Int) {
        half = max(1, limit / 2)
    }

    func contains(_ password: String, for stored: String) -> Bool {
        let fingerprint = fingerprint(password, stored)
        return generations.withLock { generations in
            if generations.young.contains(fingerprint) { return true }
            guard generations.old.contains(fingerprint) else { return false }
            insert(fingerprint, &generations)
            return true
        }
    }

    func insert(_ password: String, for stored: String) {
        let fingerprint = fingerprint(password, stored)
        generations.withLock { insert(fingerprint, &$0) }
    }

    var count: Int { generations.withLock { $0.young.union($0.old).count } }

    private func insert(_ fingerprint: Fingerprint, _ generations: inout Generations) {
        if generations.young.count >= half {
            generations.old = generations.young
            generations.young = []
        }
        generations.young.insert(fingerprint)
    }

    private func fingerprint(_ password: String, _ stored: String) -> Fingerprint {
        var message: [UInt8] = []
        message.reserveCapacity(8 + stored.utf8.count + password.utf8.count)
        // With its length in front, no end of the stored text can be taken for the beginning of a password.
        withUnsafeBytes(of: stored.utf8.count.littleEndian) { message.append(contentsOf: $0) }
        message.append(contentsOf: stored.utf8)
        message.append(contentsOf: password.utf8)
        var code = keyed
        code.update(data: message)
        return code.finalize().withUnsafeBytes { code in
            Fingerprint(words: code.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self))
        }
    }
}

import Database
import ImageModel

/// The fence between a sweep that takes a blob's bytes away and a push that brings the same bytes.
///
/// A sweep first takes the blob's row and says in the same transaction that a removal is under way; then it takes the bytes; then it says
/// that this is done. A push waits as long as a removal of its digest is under way, lets its bytes appear, and writes its row only when no
/// other removal has begun since it looked. So no order of the two leaves a row without its bytes.
enum Removal {
    /// Looks at a removal that is under way, before a push gives up: removing a file takes much less.
    private static let looks = 50
    private static let pause = Duration.milliseconds(100)

    /// The number of the last removal of the digest, once none is under way; 0 when there was none.
    ///
    /// - Throws: ``RegistryError/removalUnderway`` when one does not come to its end.
    static func awaited(of digest: Digest, in database: any SQLDatabase) async throws -> Int64 {
        for look in 0..<looks {
            if look > 0 { try await Task.sleep(for: pause) }
            if let number = try await database.read({ try Catalog(connection: $0, policy: .open).removal(of: digest) }) { return number }
        }
        throw RegistryError.removalUnderway
    }
}

extension Catalog {
    /// The number of the last removal of the digest; 0: there was none; nil: one is under way.
    func removal(of digest: Digest) throws -> Int64? {
        guard let row = try connection.row("SELECT number, is_underway FROM blob_removal WHERE digest = \(digest.description)") else {
            return 0
        }
        return try row.bool("is_underway") ? nil : try row.integer("number")
    }

    /// Says that the bytes are about to be taken away.
    func beginRemoval(of digest: Digest, at time: Int64) throws {
        try connection.run(
            """
            INSERT INTO blob_removal (digest, number, is_underway, changed_at) VALUES (\(digest.description), 1, 1, \(time))
            ON CONFLICT (digest) DO UPDATE SET number = blob_removal.number + 1, is_underway = 1, changed_at = excluded.changed_at
            """)
    }

    /// Says that the bytes are gone.
    func endRemoval(of digest: Digest, at time: Int64) throws {
        try connection.run("UPDATE blob_removal SET is_underway = 0, changed_at = \(time) WHERE digest = \(digest.description)")
    }

    /// Removals that began before `time` and were not ended: whoever made them was killed.
    func abandonedRemovals(before time: Int64, limit: Int) throws -> [Digest] {
        try connection.rows("SELECT digest FROM blob_removal WHERE is_underway = 1 AND changed_at < \(time) ORDER BY digest LIMIT \(limit)")
            .map { try Self.digest($0) }
    }

    /// Forgets removals that no push can still have been waiting for.
    func forgetRemovals(before time: Int64) throws {
        try connection.run("DELETE FROM blob_removal WHERE is_underway = 0 AND changed_at < \(time)")
    }
}

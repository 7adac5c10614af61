import Database
import ImageModel

/// The rows of ``Removal``.
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

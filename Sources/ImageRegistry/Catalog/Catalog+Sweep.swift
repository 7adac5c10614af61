import Database
import ImageModel

/// What a sweep looks for. Candidates are read page by page, by key, and each is looked at again in the transaction that takes it, so that
/// nobody waits for a sweep and nothing is taken that has come into use meanwhile.
extension Catalog {
    struct Link {
        let repository: Int64
        let digest: Digest
    }

    private static let isNeeded: SQL = """
        EXISTS (SELECT 1 FROM manifest_reference
            WHERE manifest_reference.repository_id = repository_blob.repository_id AND manifest_reference.digest = repository_blob.digest)
        """

    private static let isNamed: SQL = """
        (EXISTS (SELECT 1 FROM repository_blob WHERE repository_blob.digest = blob.digest)
            OR EXISTS (SELECT 1 FROM image WHERE image.layer_digest = blob.digest) OR \(isPacked))
        """

    /// What was packed anew stays as long as what it was made of, also while the face for which it was made is still being derived.
    private static let isPacked: SQL = "EXISTS (SELECT 1 FROM layer_content WHERE layer_content.gzip_digest = blob.digest)"

    // MARK: - Links

    /// Links whose lease is older than `time` and that no manifest of their repository needs.
    func idleLinks(before time: Int64, after last: Link?, limit: Int) throws -> [Link] {
        let position: SQL = last.map { "AND (repository_id, digest) > (\($0.repository), \($0.digest.description))" } ?? ""
        return try connection.rows(
            """
            SELECT repository_id, digest FROM repository_blob
            WHERE leased_at < \(time) AND NOT \(Self.isNeeded) \(position)
            ORDER BY repository_id, digest LIMIT \(limit)
            """
        ).map { Link(repository: try $0.integer("repository_id"), digest: try Self.digest($0)) }
    }

    /// Takes the link if it is still idle.
    func drop(_ link: Link, before time: Int64) throws -> Bool {
        try connection.run(
            """
            DELETE FROM repository_blob
            WHERE repository_id = \(link.repository) AND digest = \(link.digest.description) AND leased_at < \(time) AND NOT \(Self.isNeeded)
            """) == 1
    }

    // MARK: - Blobs

    /// Blobs that nothing names any more and that were not known to be so.
    func newOrphans(limit: Int) throws -> [Digest] {
        try connection.rows("SELECT digest FROM blob WHERE orphaned_at IS NULL AND NOT \(Self.isNamed) LIMIT \(limit)").map {
            try Self.digest($0)
        }
    }

    func markOrphaned(_ digest: Digest, at time: Int64) throws {
        try connection.run(
            "UPDATE blob SET orphaned_at = \(time) WHERE digest = \(digest.description) AND orphaned_at IS NULL AND NOT \(Self.isNamed)")
    }

    /// Blobs that nothing has named since before `time`, with their sizes.
    func orphans(before time: Int64, after last: String, limit: Int) throws -> [(digest: Digest, size: Int64)] {
        try connection.rows(
            """
            SELECT digest, size FROM blob
            WHERE orphaned_at IS NOT NULL AND orphaned_at < \(time) AND digest > \(last) AND NOT \(Self.isNamed)
            ORDER BY digest LIMIT \(limit)
            """
        ).map { (try Self.digest($0), try $0.integer("size")) }
    }

    /// Takes the blob's row if it is still an orphan, and says that its bytes follow.
    func removeOrphan(_ digest: Digest, before time: Int64, at now: Int64) throws -> Bool {
        guard
            try connection.run(
                """
                DELETE FROM blob
                WHERE digest = \(digest.description) AND orphaned_at IS NOT NULL AND orphaned_at < \(time) AND NOT \(Self.isNamed)
                """) == 1
        else { return false }
        try beginRemoval(of: digest, at: now)
        return true
    }

    func hasBlob(_ digest: Digest) throws -> Bool {
        try connection.row("SELECT 1 AS one FROM blob WHERE digest = \(digest.description)") != nil
    }

    /// Blobs that are named, and those that are not.
    func blobTallies() throws -> (named: SweepTally, unnamed: SweepTally) {
        var tallies: [Bool: SweepTally] = [:]
        for row in try connection.rows(
            "SELECT is_named, count(*) AS count, sum(size) AS bytes FROM (SELECT size, \(Self.isNamed) AS is_named FROM blob) AS blobs GROUP BY is_named"
        ) {
            tallies[try row.bool("is_named")] = SweepTally(count: Int(try row.integer("count")), bytes: try row.integer("bytes"))
        }
        return (tallies[true] ?? SweepTally(), tallies[false] ?? SweepTally())
    }

    /// Blobs that only links hold which a sweep would drop.
    func blobsBehindIdleLinks(before time: Int64) throws -> SweepTally {
        let row = try connection.row(
            """
            SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM blob
            WHERE EXISTS (SELECT 1 FROM repository_blob WHERE repository_blob.digest = blob.digest)
                AND NOT EXISTS (SELECT 1 FROM repository_blob
                    WHERE repository_blob.digest = blob.digest AND (leased_at >= \(time) OR \(Self.isNeeded)))
                AND NOT EXISTS (SELECT 1 FROM image WHERE image.layer_digest = blob.digest) AND NOT \(Self.isPacked)
            """)
        return SweepTally(count: Int(try row?.integer("count") ?? 0), bytes: try row?.integer("bytes") ?? 0)
    }

    // MARK: - Uploads and images

    func staleUploads(before time: Int64, after last: String, limit: Int) throws -> [(id: UploadID, length: Int64)] {
        try connection.rows(
            "SELECT id, length FROM upload WHERE updated_at < \(time) AND id > \(last) ORDER BY id LIMIT \(limit)"
        ).compactMap { row in
            let length = try row.integer("length")
            return UploadID(try row.text("id")).map { ($0, length) }
        }
    }

    func endStaleUpload(_ id: UploadID, before time: Int64) throws -> Bool {
        try connection.run("DELETE FROM upload WHERE id = \(id.text) AND updated_at < \(time)") == 1
    }

    func hasUpload(_ id: UploadID) throws -> Bool {
        try connection.row("SELECT 1 AS one FROM upload WHERE id = \(id.text)") != nil
    }

    private static let isUnclaimed: SQL = """
        repository_id IN (SELECT id FROM repository WHERE substr(name, 1, 1) = '~')
        """

    func unclaimedImageCount(before time: Int64) throws -> Int {
        Int(
            try connection.row("SELECT count(*) AS count FROM image WHERE created_at < \(time) AND \(Self.isUnclaimed)")?.integer("count")
                ?? 0)
    }

    /// Deletes unclaimed images that are older than `time` and on which no other builds; how many that were.
    func deleteUnclaimedImages(before time: Int64) throws -> Int {
        try connection.run(
            """
            DELETE FROM image WHERE created_at < \(time) AND \(Self.isUnclaimed)
                AND NOT EXISTS (SELECT 1 FROM image AS child
                    WHERE child.repository_id = image.repository_id AND child.parent_id = image.image_id)
            """)
    }
}

import Database
import ImageModel

/// A blob as one repository shows it.
struct BlobRow {
    let repository: Int64
    let isPrivate: Bool
    let size: Int64
    let leasedAt: Int64
}

extension Catalog {
    /// The blob, if the repository links it: one statement.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/blobUnknown``.
    func blob(_ digest: Digest, of name: RepositoryName) throws -> BlobRow {
        let row = try connection.row(
            """
            SELECT repository.id, repository.is_private, repository_blob.leased_at, blob.size
            FROM repository
            LEFT JOIN repository_blob ON repository_blob.repository_id = repository.id AND repository_blob.digest = \(digest.description)
            LEFT JOIN blob ON blob.digest = repository_blob.digest
            WHERE repository.name = \(name.text)
            """)
        guard let row else { throw RegistryError.repositoryUnknown }
        guard let size = try row.integerIfAny("size") else { throw RegistryError.blobUnknown }
        return BlobRow(
            repository: try row.integer("id"), isPrivate: try row.bool("is_private"), size: size,
            leasedAt: try row.integer("leased_at"))
    }

    /// Whether a repository that the caller may pull links the blob.
    func holdsBlob(_ digest: Digest, for caller: Caller) throws -> Bool {
        try connection.row(
            """
            SELECT repository.id FROM repository_blob JOIN repository ON repository.id = repository_blob.repository_id
            WHERE repository_blob.digest = \(digest.description) AND \(readable(by: caller)) LIMIT 1
            """) != nil
    }

    /// Records a blob whose bytes are in the object store.
    ///
    /// - Parameter isDerived: whether Wharf has made it; what a client pushes as well is not derived.
    /// - Throws: ``RegistryError/removalUnderway`` when a sweep has come between the bytes and this row.
    func record(_ landed: LandedBlob, size: Int64, isDerived: Bool = false, at time: Int64) throws {
        guard try removal(of: landed.digest) == landed.removal else { throw RegistryError.removalUnderway }
        try connection.run(
            """
            INSERT INTO blob (digest, size, created_at, is_derived) VALUES (\(landed.digest.description), \(size), \(time), \(isDerived))
            ON CONFLICT (digest) DO UPDATE SET orphaned_at = NULL,
                is_derived = CASE WHEN excluded.is_derived = 0 THEN 0 ELSE blob.is_derived END
            """)
    }

    /// Lets the repository show a blob that has a row.
    func link(_ digest: Digest, to repository: Int64, at time: Int64) throws {
        try connection.run(
            """
            INSERT INTO repository_blob (repository_id, digest, leased_at) VALUES (\(repository), \(digest.description), \(time))
            ON CONFLICT (repository_id, digest) DO UPDATE SET leased_at = excluded.leased_at
            """)
        try connection.run("UPDATE blob SET orphaned_at = NULL WHERE digest = \(digest.description) AND orphaned_at IS NOT NULL")
    }

    /// False when there was no such link.
    func unlink(_ digest: Digest, from repository: Int64) throws -> Bool {
        try connection.run(
            "DELETE FROM repository_blob WHERE repository_id = \(repository) AND digest = \(digest.description)") == 1
    }

    func lease(_ digest: Digest, in repository: Int64, at time: Int64) throws {
        try connection.run(
            """
            UPDATE repository_blob SET leased_at = \(time)
            WHERE repository_id = \(repository) AND digest = \(digest.description) AND leased_at < \(time)
            """)
    }

    /// A manifest of the repository that names the digest as `kind`.
    func manifest(naming digest: Digest, as kind: ReferenceKind, in repository: Int64) throws -> Digest? {
        try connection.row(
            """
            SELECT manifest.digest FROM manifest_reference JOIN manifest ON manifest.id = manifest_reference.manifest_id
            WHERE manifest_reference.repository_id = \(repository) AND manifest_reference.digest = \(digest.description)
                AND manifest_reference.kind = \(kind.rawValue) LIMIT 1
            """
        ).map { try Self.digest($0) }
    }

    static func digest(_ row: Row, _ column: String = "digest") throws -> Digest {
        guard let digest = Digest(try row.text(column)) else { throw Row.Mismatch(column: column, expected: "a digest") }
        return digest
    }
}

/// How a manifest names something.
enum ReferenceKind: String {
    case blob, manifest
}

import Database
import ImageModel

/// An upload's row.
struct UploadRow {
    let length: Int64
    let algorithm: Digest.Algorithm
}

extension Catalog {
    /// - Throws: ``RegistryError/tooManyUploads(limit:)``.
    func beginUpload(_ scope: UploadScope, algorithm: Digest.Algorithm, limit: Int, at time: Int64) throws {
        let open = try connection.row(
            "SELECT count(*) AS open FROM (SELECT 1 FROM upload WHERE repository = \(scope.repository.text) LIMIT \(limit)) AS uploads")?
            .integer("open")
        guard open ?? 0 < limit else { throw RegistryError.tooManyUploads(limit: limit) }
        try connection.run(
            """
            INSERT INTO upload (id, repository, owner, algorithm, updated_at)
            VALUES (\(scope.id.text), \(scope.repository.text), \(scope.owner), \(algorithm.rawValue), \(time))
            """)
    }

    /// - Throws: ``RegistryError/uploadUnknown``, also for somebody else's and for another repository's.
    func upload(_ scope: UploadScope) throws -> UploadRow {
        let row = try connection.row(
            """
            SELECT length, algorithm FROM upload
            WHERE id = \(scope.id.text) AND repository = \(scope.repository.text) AND owner = \(scope.owner)
            """)
        guard let row else { throw RegistryError.uploadUnknown }
        guard let algorithm = Digest.Algorithm(rawValue: try row.text("algorithm")) else {
            throw Row.Mismatch(column: "algorithm", expected: "an algorithm")
        }
        return UploadRow(length: try row.integer("length"), algorithm: algorithm)
    }

    /// False when the upload is gone, or was somewhere else meanwhile.
    func growUpload(_ id: UploadID, from length: Int64, to newLength: Int64, at time: Int64) throws -> Bool {
        try connection.run(
            "UPDATE upload SET length = \(newLength), updated_at = \(time) WHERE id = \(id.text) AND length = \(length)") == 1
    }

    /// Says that the upload is being written to.
    func leaseUpload(_ id: UploadID, at time: Int64) throws {
        try connection.run("UPDATE upload SET updated_at = \(time) WHERE id = \(id.text)")
    }

    /// False when there was none.
    @discardableResult
    func endUpload(_ id: UploadID) throws -> Bool {
        try connection.run("DELETE FROM upload WHERE id = \(id.text)") == 1
    }
}

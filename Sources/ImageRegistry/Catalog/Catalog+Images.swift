import Database
import ImageModel
import LayerArchive

/// An image's row.
struct ImageRow {
    let repository: Int64
    /// Nil while no repository has claimed it.
    let repositoryName: RepositoryName?
    let isPrivate: Bool
    let document: [UInt8]
    let layer: Layer?
    /// The sum that completed the image; nil while it is being pushed.
    let checksum: String?

    struct Layer: Equatable {
        let digest: String
        let size: Int64
        let payloadSum: String
        let tarsum: String?
        let tarsumLastPathWins: String?
    }

    var isComplete: Bool { checksum != nil }
    var isUnclaimed: Bool { repositoryName == nil }

    func hasSameContent(as other: ImageRow) -> Bool { document == other.document && layer == other.layer }
}

/// The sums that were offered for an image, by how they came.
struct Offers {
    let withDocument: [String]
    let later: [String]
    let inList: [String]

    var isEmpty: Bool { withDocument.isEmpty && later.isEmpty && inList.isEmpty }
}

extension Catalog {
    private static let imageColumns: SQL = """
        SELECT image.repository_id, repository.name, repository.is_private, image.document, image.layer_digest, blob.size, image.payload_sum,
            image.tarsum, image.tarsum_last_path_wins, image.checksum
        FROM image JOIN repository ON repository.id = image.repository_id LEFT JOIN blob ON blob.digest = image.layer_digest
        """

    /// The images of this id in the repository that `scope` names, or wherever its caller may pull.
    func images(_ id: ImageID, in scope: ImageScope) throws -> [ImageRow] {
        guard let name = scope.repository else {
            return try images(id, where: readable(by: scope.caller)) + unclaimedImages(id, of: scope.caller)
        }
        return try images(id, where: "repository.name = \(name.text)")
    }

    /// The image of this id that the caller has pushed and no repository has claimed.
    func unclaimedImages(_ id: ImageID, of caller: Caller) throws -> [ImageRow] {
        guard let name = Self.unclaimed(by: caller) else { return [] }
        return try images(id, where: "repository.name = \(name)")
    }

    private func images(_ id: ImageID, where condition: SQL) throws -> [ImageRow] {
        try connection.rows(
            "\(Self.imageColumns) WHERE image.image_id = \(id.text) AND \(condition) ORDER BY image.repository_id"
        ).map(imageRow)
    }

    /// Whether a repository that the caller may pull has declared the image.
    func isHeld(_ id: ImageID, for caller: Caller) throws -> Bool {
        try connection.row(
            """
            SELECT repository.id FROM repository_image JOIN repository ON repository.id = repository_image.repository_id
            WHERE repository_image.image_id = \(id.text) AND \(readable(by: caller)) LIMIT 1
            """) != nil
    }

    func image(_ id: ImageID, repository: Int64) throws -> ImageRow? {
        try connection.row("\(Self.imageColumns) WHERE image.image_id = \(id.text) AND image.repository_id = \(repository)").map(imageRow)
    }

    func holdsImage(_ id: ImageID, in name: RepositoryName) throws -> Bool {
        try connection.row(
            """
            SELECT 1 AS one FROM image JOIN repository ON repository.id = image.repository_id
            WHERE repository.name = \(name.text) AND image.image_id = \(id.text)
            """) != nil
    }

    /// The chain from the image down to its base, as far as its rows go.
    func ancestry(_ id: ImageID, repository: Int64) throws -> [ImageID] {
        try connection.rows(
            """
            WITH RECURSIVE chain (image_id, parent_id, step) AS (
                SELECT image_id, parent_id, 0 FROM image WHERE repository_id = \(repository) AND image_id = \(id.text)
                UNION ALL
                SELECT image.image_id, image.parent_id, chain.step + 1
                FROM chain JOIN image ON image.repository_id = \(repository) AND image.image_id = chain.parent_id
            )
            SELECT image_id FROM chain ORDER BY step
            """
        ).map(imageID)
    }

    /// Repositories that have declared the image; of those that hold it complete, says so.
    func declarations(of id: ImageID) throws -> [(repository: Int64, name: RepositoryName, isComplete: Bool)] {
        try connection.rows(
            """
            SELECT declared.repository_id, repository.name, image.checksum IS NOT NULL AS is_complete
            FROM repository_image AS declared JOIN repository ON repository.id = declared.repository_id
            LEFT JOIN image ON image.repository_id = declared.repository_id AND image.image_id = declared.image_id
            WHERE declared.image_id = \(id.text)
            """
        ).compactMap { row in
            guard let name = RepositoryName(try row.text("name")) else { return nil }
            return (try row.integer("repository_id"), name, try row.bool("is_complete"))
        }
    }

    /// Begins an image, or begins one anew that is not complete: its document counts, and whatever came before is forgotten.
    func beginImage(_ image: V1Image, document: [UInt8], depth: Int, repository: Int64, at time: Int64) throws {
        try connection.run(
            """
            INSERT INTO image (repository_id, image_id, parent_id, depth, document, created_at)
            VALUES (\(repository), \(image.id.text), \(image.parent?.text), \(depth), \(document), \(time))
            ON CONFLICT (repository_id, image_id) DO UPDATE SET parent_id = excluded.parent_id, depth = excluded.depth,
                document = excluded.document, layer_digest = NULL, payload_sum = NULL, tarsum = NULL, tarsum_last_path_wins = NULL
            """)
        try connection.run("DELETE FROM image_offer WHERE repository_id = \(repository) AND image_id = \(image.id.text)")
    }

    /// Gives an open image its layer. False when the image is not the one that `document` began, or is complete.
    func setLayer(_ layer: ImageRow.Layer, of id: ImageID, document: [UInt8], repository: Int64) throws -> Bool {
        try connection.run(
            """
            UPDATE image SET layer_digest = \(layer.digest), payload_sum = \(layer.payloadSum), tarsum = \(layer.tarsum),
                tarsum_last_path_wins = \(layer.tarsumLastPathWins)
            WHERE repository_id = \(repository) AND image_id = \(id.text) AND document = \(document) AND checksum IS NULL
            """) == 1
    }

    /// Completes an open image by `checksum`. False when its layer is no longer the one that the sum was found to match.
    func complete(_ id: ImageID, checksum: String, layer: ImageRow.Layer, repository: Int64) throws -> Bool {
        try connection.run(
            """
            UPDATE image SET checksum = \(checksum)
            WHERE repository_id = \(repository) AND image_id = \(id.text) AND layer_digest = \(layer.digest) AND payload_sum = \(layer.payloadSum)
                AND checksum IS NULL
            """) == 1
    }

    /// Copies an image and what was offered for it, unless `target` has one of that id.
    func copyImage(_ id: ImageID, from source: Int64, to target: Int64) throws {
        try connection.run(
            """
            INSERT INTO image (repository_id, image_id, parent_id, depth, document, layer_digest, payload_sum, tarsum,
                tarsum_last_path_wins, checksum, created_at)
            SELECT \(target), image_id, parent_id, depth, document, layer_digest, payload_sum, tarsum, tarsum_last_path_wins, checksum,
                created_at
            FROM image WHERE repository_id = \(source) AND image_id = \(id.text) ON CONFLICT DO NOTHING
            """)
        try connection.run(
            """
            INSERT INTO image_offer (repository_id, image_id, checksum, with_document)
            SELECT \(target), image_id, checksum, with_document FROM image_offer
            WHERE repository_id = \(source) AND image_id = \(id.text) ON CONFLICT DO NOTHING
            """)
    }

    /// Keeps sums that a client has offered for an open image.
    ///
    /// - Parameter withDocument: whether they came before the layer, with the image's document.
    func offer(_ checksums: [String], for id: ImageID, withDocument: Bool, repository: Int64) throws {
        for checksum in checksums {
            try connection.run(
                """
                INSERT INTO image_offer (repository_id, image_id, checksum, with_document)
                VALUES (\(repository), \(id.text), \(checksum), \(withDocument)) ON CONFLICT DO NOTHING
                """)
        }
    }

    /// The sums offered for an image: with its document, later, and in the repository's list.
    func offers(for id: ImageID, repository: Int64) throws -> Offers {
        let rows = try connection.rows(
            "SELECT checksum, with_document FROM image_offer WHERE repository_id = \(repository) AND image_id = \(id.text)")
        let inList = try connection.rows(
            """
            SELECT checksum FROM repository_image
            WHERE repository_id = \(repository) AND image_id = \(id.text) AND checksum IS NOT NULL
            """)
        return Offers(
            withDocument: try rows.filter { try $0.bool("with_document") }.map { try $0.text("checksum") },
            later: try rows.filter { try !$0.bool("with_document") }.map { try $0.text("checksum") },
            inList: try inList.map { try $0.text("checksum") })
    }

    /// Records a blob whose bytes are in the object store, with what is known of its content.
    func recordLayer(_ layer: ReceivedLayer, at time: Int64) throws {
        try record(layer.landed, size: layer.size, at: time)
        try connection.run(
            """
            INSERT INTO layer_content (digest, diff_id, uncompressed_size, compression, is_archive)
            VALUES (\(layer.digest.description), \(layer.diffID.description), \(layer.contents.uncompressedSize),
                \(layer.contents.compression.rawValue), \(layer.contents.isArchive))
            ON CONFLICT (digest) DO NOTHING
            """)
    }

    private func imageID(_ row: Row) throws -> ImageID {
        guard let id = ImageID(try row.text("image_id")) else { throw Row.Mismatch(column: "image_id", expected: "an image id") }
        return id
    }

    private func imageRow(_ row: Row) throws -> ImageRow {
        ImageRow(
            repository: try row.integer("repository_id"), repositoryName: RepositoryName(try row.text("name")),
            isPrivate: try row.bool("is_private"),
            document: try row.bytes("document"),
            layer: try row.textIfAny("layer_digest").map {
                ImageRow.Layer(
                    digest: $0, size: try row.integer("size"), payloadSum: try row.text("payload_sum"),
                    tarsum: try row.textIfAny("tarsum"), tarsumLastPathWins: try row.textIfAny("tarsum_last_path_wins"))
            },
            checksum: try row.textIfAny("checksum"))
    }
}

import Database
import ImageModel

/// What an import asks, so that it need not read what is there.
extension Catalog {
    func holdsChain(of id: ImageID, in name: RepositoryName) throws -> Bool {
        let row = try connection.row(
            """
            WITH RECURSIVE chain (repository_id, image_id, parent_id, checksum) AS (
                SELECT image.repository_id, image.image_id, image.parent_id, image.checksum
                FROM repository JOIN image ON image.repository_id = repository.id AND image.image_id = \(id.text)
                WHERE repository.name = \(name.text)
                UNION ALL
                SELECT image.repository_id, image.image_id, image.parent_id, image.checksum
                FROM chain JOIN image ON image.repository_id = chain.repository_id AND image.image_id = chain.parent_id
            )
            SELECT count(*) AS length, count(checksum) AS complete FROM chain
            """)
        guard let row else { return false }
        let length = try row.integer("length")
        return try length > 0 && length == row.integer("complete")
    }

    func completeDocument(of id: ImageID, in name: RepositoryName) throws -> [UInt8]? {
        try connection.row(
            """
            SELECT image.document FROM repository JOIN image ON image.repository_id = repository.id AND image.image_id = \(id.text)
            WHERE repository.name = \(name.text) AND image.checksum IS NOT NULL
            """)?.bytes("document")
    }

    /// Different layers of complete images of this id and document, in whatever repository.
    func storedLayers(of id: ImageID, document: [UInt8], size: Int64) throws -> [ImageRow.Layer] {
        try connection.rows(
            """
            SELECT DISTINCT image.layer_digest, blob.size, image.payload_sum, image.tarsum, image.tarsum_last_path_wins
            FROM image JOIN blob ON blob.digest = image.layer_digest
            WHERE image.image_id = \(id.text) AND image.checksum IS NOT NULL AND image.document = \(document) AND blob.size = \(size)
            """
        ).map { row in
            ImageRow.Layer(
                digest: try row.text("layer_digest"), size: try row.integer("size"), payloadSum: try row.text("payload_sum"),
                tarsum: try row.textIfAny("tarsum"), tarsumLastPathWins: try row.textIfAny("tarsum_last_path_wins"))
        }
    }

    /// Makes the repository if it is missing, and private before anything private comes into it. A description of ours stays.
    func prepare(_ imported: ImportedRepository, at time: Int64) throws -> Int64 {
        let repository = try ensureRepository(imported.name, at: time)
        if imported.isPrivate { try setPrivate(true, repository: repository) }
        if let text = imported.description {
            try connection.run("UPDATE repository SET description = \(text) WHERE id = \(repository) AND description = ''")
        }
        return repository
    }

    /// Those of the images that are not in the repository's list.
    func undeclared(_ ids: [ImageID], in name: RepositoryName) throws -> [ImageID] {
        guard let repository = try repository(name)?.id else { return ids }
        return try ids.filter { id in
            try connection.row(
                "SELECT 1 AS one FROM repository_image WHERE repository_id = \(repository) AND image_id = \(id.text)") == nil
        }
    }

    func presence(of digest: Digest, in name: RepositoryName) throws -> BlobPresence {
        let row = try connection.row(
            """
            SELECT EXISTS (SELECT 1 FROM repository_blob
                WHERE repository_blob.repository_id = repository.id AND repository_blob.digest = \(digest.description)) AS is_linked
            FROM repository WHERE repository.name = \(name.text)
            """)
        if try row?.bool("is_linked") == true { return .linked }
        return try hasBlob(digest) ? .stored : .absent
    }

    // MARK: - Tags

    /// What a tag would name; nil when the repository does not hold it, or not all of it. An image that came with a manifest stands for that
    /// one.
    func content(of target: ImportedTag.Target, in name: RepositoryName, repository: Int64) throws -> TagContent? {
        switch target {
        case .image(let id):
            if let manifest = try manifest(ofImage: id, in: repository) { return .manifest(manifest) }
            return try holdsChain(of: id, in: name) ? .image(id.text) : nil
        case .manifest(let digest): return try manifestRow(digest, in: repository).map { .manifest($0.id) }
        }
    }

    func tagged(_ tag: Tag, repository: Int64) throws -> TagContent? {
        try connection.row("SELECT image_id, manifest_id FROM tag WHERE repository_id = \(repository) AND name = \(tag.text)").map { row in
            if let id = try row.textIfAny("image_id") { return .image(id) }
            return .manifest(try row.integer("manifest_id"))
        }
    }

    /// - Throws: ``RegistryError/tagImmutable(_:)``.
    func checkMove(of tag: Tag, in name: RepositoryName) throws {
        if policy.immutableTags.contains(where: { $0.matches(name, tag) }) { throw RegistryError.tagImmutable(tag) }
    }
}

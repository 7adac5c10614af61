import Database
import ImageModel

extension Catalog {
    private static let manifestColumns: SQL = """
        SELECT repository.is_private, manifest.digest, manifest.media_type, manifest.document
        FROM repository
        """

    /// The manifest that the tag names: one statement.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    func manifest(_ tag: Tag, of name: RepositoryName) throws -> StoredManifest {
        try stored(
            connection.row(
                """
                \(Self.manifestColumns)
                LEFT JOIN tag ON tag.repository_id = repository.id AND tag.name = \(tag.text)
                LEFT JOIN manifest ON manifest.id = tag.manifest_id
                WHERE repository.name = \(name.text)
                """))
    }

    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    func manifest(_ digest: Digest, of name: RepositoryName) throws -> StoredManifest {
        try stored(
            connection.row(
                """
                \(Self.manifestColumns)
                LEFT JOIN manifest ON manifest.repository_id = repository.id AND manifest.digest = \(digest.description)
                WHERE repository.name = \(name.text)
                """))
    }

    private static func mediaType(_ row: Row) throws -> MediaType {
        guard let type = MediaType(try row.text("media_type")) else { throw Row.Mismatch(column: "media_type", expected: "a media type") }
        return type
    }

    private func stored(_ row: Row?) throws -> StoredManifest {
        guard let row else { throw RegistryError.repositoryUnknown }
        guard try row.textIfAny("digest") != nil else { throw RegistryError.manifestUnknown }
        return StoredManifest(
            digest: try Self.digest(row), mediaType: try Self.mediaType(row), document: try row.bytes("document"),
            isPrivate: try row.bool("is_private"))
    }

    /// Those of `digests` that the repository neither links as blobs, or holds as manifests.
    func absent(_ digests: [Digest], as kind: ReferenceKind, in repository: Int64) throws -> [Digest] {
        let table: SQL = kind == .blob ? "repository_blob" : "manifest"
        return try digests.filter { digest in
            try connection.row("SELECT 1 AS one FROM \(table) WHERE repository_id = \(repository) AND digest = \(digest.description)")
                == nil
        }
    }

    /// Adds the manifest to the repository unless it is there, and returns its row's id.
    ///
    /// - Throws: ``RegistryError/manifestTypeDiffers(_:)``.
    func add(
        _ manifest: Manifest, digest: Digest, document: [UInt8], imageID: ImageID?, to repository: Int64, at time: Int64
    ) throws -> Int64 {
        if let row = try manifestRow(digest, in: repository) {
            guard row.mediaType == manifest.mediaType else { throw RegistryError.manifestTypeDiffers(row.mediaType) }
            return row.id
        }
        try connection.run(
            """
            INSERT INTO manifest (repository_id, digest, media_type, size, subject, artifact_type, annotations, image_id, created_at, document)
            VALUES (\(repository), \(digest.description), \(manifest.mediaType.text), \(document.count),
                \(manifest.subject?.digest.description), \(manifest.artifactType), \(manifest.annotations), \(imageID?.text), \(time),
                \(document))
            """)
        guard let id = try manifestRow(digest, in: repository)?.id else { throw RegistryError.manifestUnknown }
        for (kind, digests) in [(ReferenceKind.blob, manifest.blobs), (.manifest, manifest.children)] {
            for descriptor in digests {
                try connection.run(
                    """
                    INSERT INTO manifest_reference (manifest_id, repository_id, digest, kind)
                    VALUES (\(id), \(repository), \(descriptor.digest.description), \(kind.rawValue)) ON CONFLICT DO NOTHING
                    """)
            }
        }
        return id
    }

    func manifestRow(_ digest: Digest, in repository: Int64) throws -> (id: Int64, mediaType: MediaType)? {
        try connection.row("SELECT id, media_type FROM manifest WHERE repository_id = \(repository) AND digest = \(digest.description)").map
        {
            (try $0.integer("id"), try Self.mediaType($0))
        }
    }

    func imageID(of digest: Digest, in repository: Int64) throws -> ImageID? {
        try connection.row("SELECT image_id FROM manifest WHERE repository_id = \(repository) AND digest = \(digest.description)")?
            .textIfAny("image_id").flatMap { ImageID($0) }
    }

    /// Deletes the manifest with the tags that name it.
    func deleteManifest(_ id: Int64) throws {
        try connection.run("DELETE FROM tag WHERE manifest_id = \(id)")
        try connection.run("DELETE FROM manifest WHERE id = \(id)")
    }

    /// One page of the manifests whose subject is `digest`, by digest.
    ///
    /// - Parameter artifactType: only those of this type; empty: only those without one; nil: all.
    func referrers(
        of digest: Digest, in repository: Int64, artifactType: String?, after last: String, limit: Int
    ) throws -> [Referrer] {
        let filter: SQL =
            switch artifactType {
            case nil: ""
            case ""?: "AND artifact_type IS NULL"
            case let type?: "AND artifact_type = \(type)"
            }
        return try connection.rows(
            """
            SELECT digest, media_type, size, artifact_type, annotations FROM manifest
            WHERE repository_id = \(repository) AND subject = \(digest.description) AND digest > \(last) \(filter)
            ORDER BY digest LIMIT \(limit)
            """
        ).map { row in
            Referrer(
                digest: try Self.digest(row), mediaType: try Self.mediaType(row), size: try row.integer("size"),
                artifactType: try row.textIfAny("artifact_type"), annotations: try row.bytesIfAny("annotations"))
        }
    }
}

import Database
import ImageModel

extension Catalog {
    private static func mediaType(_ row: Row) throws -> MediaType {
        guard let type = MediaType(try row.text("media_type")) else { throw Row.Mismatch(column: "media_type", expected: "a media type") }
        return type
    }

    func stored(_ row: Row?) throws -> StoredManifest {
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

    /// Adds the manifest to the repository unless it is there, and returns its row's id. One that was derived and is pushed now counts as pushed.
    ///
    /// - Throws: ``RegistryError/manifestTypeDiffers(_:)``.
    func add(_ manifest: ManifestRow, to repository: Int64, at time: Int64) throws -> Int64 {
        if let row = try manifestRow(manifest.digest, in: repository) {
            guard row.mediaType == manifest.mediaType else { throw RegistryError.manifestTypeDiffers(row.mediaType) }
            if row.isDerived, !manifest.isDerived {
                try connection.run("UPDATE manifest SET is_derived = 0, document = \(manifest.document) WHERE id = \(row.id)")
            }
            if let digest = manifest.platformDigest {
                try connection.run(
                    "UPDATE manifest SET platform_digest = \(digest.description) WHERE id = \(row.id) AND platform_digest IS NULL")
            }
            return row.id
        }
        try connection.run(
            """
            INSERT INTO manifest (repository_id, digest, media_type, size, subject, artifact_type, annotations, image_id, platform_digest,
                created_at, document, is_derived)
            VALUES (\(repository), \(manifest.digest.description), \(manifest.mediaType.text), \(manifest.document.count),
                \(manifest.subject?.description), \(manifest.artifactType), \(manifest.annotations), \(manifest.imageID?.text),
                \(manifest.platformDigest?.description), \(time), \(manifest.document), \(manifest.isDerived))
            """)
        guard let id = try manifestRow(manifest.digest, in: repository)?.id else { throw RegistryError.manifestUnknown }
        for (kind, digests) in [(ReferenceKind.blob, manifest.blobs), (.manifest, manifest.children)] {
            for digest in digests {
                try connection.run(
                    """
                    INSERT INTO manifest_reference (manifest_id, repository_id, digest, kind)
                    VALUES (\(id), \(repository), \(digest.description), \(kind.rawValue)) ON CONFLICT DO NOTHING
                    """)
            }
        }
        return id
    }

    func manifestRow(_ digest: Digest, in repository: Int64) throws -> (id: Int64, mediaType: MediaType, isDerived: Bool)? {
        try connection.row(
            "SELECT id, media_type, is_derived FROM manifest WHERE repository_id = \(repository) AND digest = \(digest.description)"
        ).map { (try $0.integer("id"), try Self.mediaType($0), try $0.bool("is_derived")) }
    }

    /// The image that v1 can name of a manifest or, of an index, of the image that stands for it.
    func runnableImage(of digest: Digest, in repository: Int64) throws -> Digest? {
        guard
            let row = try connection.row(
                "SELECT image_id, platform_digest FROM manifest WHERE repository_id = \(repository) AND digest = \(digest.description)")
        else { return nil }
        if try row.textIfAny("image_id") != nil { return digest }
        return try row.textIfAny("platform_digest").flatMap { Digest($0) }
    }

    /// Deletes the manifest with the tags that name it.
    func deleteManifest(_ id: Int64) throws {
        try release(facesOf: id)
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

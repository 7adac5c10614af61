import Database
import ImageModel

/// An image of a v1 chain, as far as its other faces need it.
struct ChainLink {
    let id: ImageID
    let document: [UInt8]
    let layer: Digest
}

/// What a face is: a manifest's row, or the top of a chain of v1 images.
enum FaceRow: Equatable {
    case manifest(Int64)
    case image(ImageID)
}

extension Catalog {
    // MARK: - Origins

    /// What the tag names: one statement.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    func origin(of tag: Tag, in name: RepositoryName) throws -> Origin {
        try origin(
            connection.row(
                """
                \(Self.originColumns), tag.image_id AS tagged_id FROM repository
                LEFT JOIN tag ON tag.repository_id = repository.id AND tag.name = \(tag.text)
                LEFT JOIN manifest ON manifest.id = tag.manifest_id
                WHERE repository.name = \(name.text)
                """))
    }

    /// The manifest of this digest, whether it was pushed or derived: one statement.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    func origin(of digest: Digest, in name: RepositoryName) throws -> Origin {
        try origin(
            connection.row(
                """
                \(Self.originColumns), NULL AS tagged_id FROM repository
                LEFT JOIN manifest ON manifest.repository_id = repository.id AND manifest.digest = \(digest.description)
                WHERE repository.name = \(name.text)
                """))
    }

    /// The pushed manifests whose image v1 calls `id`, wherever `scope` looks.
    func origins(named id: ImageID, in scope: ImageScope) throws -> [(origin: Origin, name: RepositoryName)] {
        let place: SQL = scope.repository.map { "repository.name = \($0.text)" } ?? readable(by: scope.caller)
        return try connection.rows(
            """
            \(Self.originColumns), NULL AS tagged_id, repository.name FROM manifest JOIN repository ON repository.id = manifest.repository_id
            WHERE manifest.image_id = \(id.text) AND manifest.is_derived = 0 AND \(place) ORDER BY manifest.id
            """
        ).compactMap { row in
            guard let name = RepositoryName(try row.text("name")) else { return nil }
            return (try origin(row), name)
        }
    }

    /// The manifest that the repository knows its image by `id` from; nil when a client pushed that image in v1.
    func manifest(ofImage id: ImageID, in repository: Int64) throws -> Int64? {
        try connection.row(
            """
            SELECT id FROM manifest
            WHERE repository_id = \(repository) AND image_id = \(id.text) AND is_derived = 0 AND NOT EXISTS (
                SELECT 1 FROM image WHERE image.repository_id = \(repository) AND image.image_id = \(id.text) AND image.is_derived = 0)
            ORDER BY id LIMIT 1
            """
        )?.integer("id")
    }

    private static let originColumns: SQL = """
        SELECT repository.id AS repository_id, repository.is_private, manifest.id AS manifest_id, manifest.digest, manifest.media_type,
            manifest.document, manifest.image_id, manifest.platform_digest
        """

    private func origin(_ row: Row?) throws -> Origin {
        guard let row else { throw RegistryError.repositoryUnknown }
        let content: Origin.Content
        if let id = try row.textIfAny("tagged_id").flatMap({ ImageID($0) }) {
            content = .image(id)
        } else {
            guard let id = try row.integerIfAny("manifest_id") else { throw RegistryError.manifestUnknown }
            content = .manifest(id, try stored(row))
        }
        return Origin(
            repository: try row.integer("repository_id"), isPrivate: try row.bool("is_private"), content: content,
            imageID: try row.textIfAny("image_id").flatMap { ImageID($0) },
            platformDigest: try row.textIfAny("platform_digest").flatMap { Digest($0) })
    }

    /// Whether what a face was made of is still there as it was.
    func holds(_ origin: Origin) throws -> Bool {
        switch origin.content {
        case .image(let id):
            try connection.row(
                "SELECT 1 AS one FROM image WHERE repository_id = \(origin.repository) AND image_id = \(id.text) AND checksum IS NOT NULL")
                != nil
        case .manifest(let id, let stored):
            try connection.row("SELECT 1 AS one FROM manifest WHERE id = \(id) AND digest = \(stored.digest.description)") != nil
        }
    }

    // MARK: - Faces

    func face(_ kind: Face, of origin: Origin, label: String) throws -> FaceRow? {
        guard
            let row = try connection.row(
                "SELECT image_id, manifest_id FROM face WHERE \(Self.isFace(of: origin)) AND kind = \(kind.rawValue) AND label = \(label)")
        else { return nil }
        if let id = try row.integerIfAny("manifest_id") { return .manifest(id) }
        return try row.textIfAny("image_id").flatMap { ImageID($0) }.map { .image($0) }
    }

    func add(_ face: FaceRow, as kind: Face, of origin: Origin, label: String) throws {
        let (imageID, manifestID): (String?, Int64?) =
            switch face {
            case .image(let id): (id.text, nil)
            case .manifest(let id): (nil, id)
            }
        try connection.run(
            """
            INSERT INTO face (repository_id, origin_image_id, origin_manifest_id, kind, label, image_id, manifest_id)
            VALUES (\(origin.repository), \(origin.pushedImage?.text), \(origin.manifestID), \(kind.rawValue), \(label), \(imageID),
                \(manifestID))
            ON CONFLICT DO NOTHING
            """)
    }

    private static func isFace(of origin: Origin) -> SQL {
        switch origin.content {
        case .image(let id): "repository_id = \(origin.repository) AND origin_image_id = \(id.text)"
        case .manifest(let id, _): "origin_manifest_id = \(id)"
        }
    }

    func manifest(row id: Int64) throws -> StoredManifest {
        try stored(
            connection.row(
                """
                SELECT repository.is_private, manifest.digest, manifest.media_type, manifest.document
                FROM manifest JOIN repository ON repository.id = manifest.repository_id WHERE manifest.id = \(id)
                """))
    }

    // MARK: - v1 chains

    /// The image and its ancestors, base first, each complete.
    ///
    /// - Throws: ``RegistryError/imageUnknown``, ``RegistryError/imageBeingUploaded``.
    func chain(_ id: ImageID, repository: Int64) throws -> [ChainLink] {
        let chain = try ancestry(id, repository: repository).reversed().map { id in
            guard let image = try image(id, repository: repository), image.isComplete, let layer = image.layer,
                let digest = Digest(layer.digest)
            else { throw RegistryError.imageBeingUploaded }
            return ChainLink(id: id, document: image.document, layer: digest)
        }
        guard !chain.isEmpty else { throw RegistryError.imageUnknown }
        return chain
    }

    /// Adds an image that was derived. One of that id that is complete stays as it is, if it is the same; one whose push is not finished is
    /// finished so.
    ///
    /// - Throws: `ConversionRefusal.idTaken` when the id stands for something else: v1 never serves two images under one id.
    func add(_ image: DerivedImage, depth: Int, repository: Int64, at time: Int64) throws {
        if let found = try self.image(image.id, repository: repository), found.isComplete {
            guard try found.document == image.document && holds(found, image.layer, diffID: image.diffID) else {
                throw ConversionRefusal.idTaken(image.id)
            }
            return
        }
        try connection.run(
            """
            INSERT INTO image (repository_id, image_id, parent_id, depth, document, layer_digest, payload_sum, checksum, created_at, is_derived)
            VALUES (\(repository), \(image.id.text), \(image.parent?.text), \(depth), \(image.document), \(image.layer.description),
                \(image.payloadSum.description), \(image.payloadSum.description), \(time), 1)
            ON CONFLICT (repository_id, image_id) DO UPDATE SET parent_id = excluded.parent_id, depth = excluded.depth,
                document = excluded.document, layer_digest = excluded.layer_digest, payload_sum = excluded.payload_sum, tarsum = NULL,
                tarsum_last_path_wins = NULL, checksum = excluded.checksum, is_derived = 1
            WHERE image.checksum IS NULL
            """)
    }

    /// Whether the image has this layer, or one that unpacks to the same.
    private func holds(_ image: ImageRow, _ layer: Digest, diffID: Digest?) throws -> Bool {
        guard let digest = image.layer.flatMap({ Digest($0.digest) }) else { return false }
        if digest == layer { return true }
        guard let diffID else { return false }
        return try layerKnowledge(digest)?.content?.diffID == diffID
    }

    /// Whether the repository has no other image of this id than that of the document and the layer, so that the id may stand for it.
    func isFree(_ id: ImageID, for entry: Schema1Manifest.Entry, in repository: Int64) throws -> Bool {
        if let image = try image(id, repository: repository), image.isComplete {
            return image.document == entry.document && image.layer?.digest == entry.blobSum.description
        }
        return try connection.rows(
            "SELECT document FROM manifest WHERE repository_id = \(repository) AND image_id = \(id.text) AND is_derived = 0"
        ).allSatisfy { row in
            let other = try? Schema1Manifest(signed: try row.bytes("document"))
            return other?.entries.first == entry
        }
    }

    /// Lets v1 know the manifest's image by the id that its chain has. It is known already, but for a manifest that was derived from another,
    /// pushed since, and has outlived that one.
    func name(_ id: ImageID, imageOf origin: Origin) throws {
        guard let manifest = origin.manifestID, origin.imageID != id else { return }
        try connection.run("UPDATE manifest SET image_id = \(id.text) WHERE id = \(manifest)")
    }

    // MARK: - Layers

    /// What is known of a blob as a layer; nil when there is no such blob.
    func layerKnowledge(_ digest: Digest) throws -> LayerKnowledge? {
        guard
            let row = try connection.row(
                """
                SELECT blob.size, layer_content.diff_id, layer_content.compression, layer_content.is_archive, packed.digest AS gzip_digest,
                    packed.size AS gzip_size
                FROM blob LEFT JOIN layer_content ON layer_content.digest = blob.digest
                LEFT JOIN blob AS packed ON packed.digest = layer_content.gzip_digest
                WHERE blob.digest = \(digest.description)
                """)
        else { return nil }
        let content = try row.textIfAny("diff_id").flatMap { Digest($0) }.map { diffID in
            LayerKnowledge.Content(
                diffID: diffID, isGzip: try row.text("compression") == "gzip", isArchive: try row.bool("is_archive"))
        }
        let packed = try row.textIfAny("gzip_digest").flatMap { Digest($0) }.map {
            SizedDigest(digest: $0, size: try row.integer("gzip_size"))
        }
        return LayerKnowledge(size: try row.integer("size"), content: content, packed: packed)
    }

    /// Records what reading a stored layer has taught.
    func record(_ content: LayerContentRow, of digest: Digest) throws {
        try connection.run(
            """
            INSERT INTO layer_content (digest, diff_id, uncompressed_size, compression, is_archive, gzip_digest)
            SELECT digest, \(content.diffID.description), \(content.uncompressedSize), \(content.compression), 1, \(content.packed?.description)
            FROM blob WHERE digest = \(digest.description)
            ON CONFLICT (digest) DO UPDATE SET gzip_digest = coalesce(excluded.gzip_digest, layer_content.gzip_digest)
            """)
    }

    /// What the blobs take that Wharf has made.
    func derivedBlobs() throws -> SweepTally {
        let row = try connection.row("SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM blob WHERE is_derived = 1")
        return SweepTally(count: Int(try row?.integer("count") ?? 0), bytes: try row?.integer("bytes") ?? 0)
    }
}

extension Catalog {
    // MARK: - The end of faces

    /// What a derived manifest is a face of.
    func originsShown(by manifest: Int64) throws -> [TagContent] {
        try connection.rows("SELECT origin_image_id, origin_manifest_id FROM face WHERE manifest_id = \(manifest)").map { row in
            if let id = try row.textIfAny("origin_image_id") { return .image(id) }
            return .manifest(try row.integer("origin_manifest_id"))
        }
    }

    /// Lets v1 know manifests that were derived from this one, and pushed since, by ids of their own: the images behind those that they had go
    /// with it.
    func release(facesOf manifest: Int64) throws {
        let rows = try connection.rows(
            """
            SELECT manifest.id, manifest.media_type, manifest.document
            FROM face JOIN manifest ON manifest.id = face.manifest_id
            WHERE face.origin_manifest_id = \(manifest) AND manifest.is_derived = 0
            """)
        for row in rows {
            let own = try? Manifest(try row.bytes("document"), contentType: MediaType(try row.text("media_type")), descriptorLimit: .max)
            try connection.run("UPDATE manifest SET image_id = \(own?.v1ImageID?.text) WHERE id = \(try row.integer("id"))")
        }
    }

    /// Takes every tag and every face from a v1 image; the image itself stays.
    func untag(image id: String, in repository: Int64) throws {
        try connection.run("DELETE FROM tag WHERE repository_id = \(repository) AND image_id = \(id)")
        try connection.run("DELETE FROM face WHERE repository_id = \(repository) AND origin_image_id = \(id)")
    }

    private static let isUnusedManifest: SQL = """
        is_derived = 1 AND NOT EXISTS (SELECT 1 FROM face WHERE face.manifest_id = manifest.id)
            AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.manifest_id = manifest.id)
            AND NOT EXISTS (SELECT 1 FROM manifest_reference AS listed
                WHERE listed.repository_id = manifest.repository_id AND listed.digest = manifest.digest AND listed.kind = 'manifest')
        """

    private static let isUnusedImage: SQL = """
        is_derived = 1 AND NOT EXISTS (SELECT 1 FROM face WHERE face.repository_id = image.repository_id AND face.image_id = image.image_id)
            AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.repository_id = image.repository_id AND tag.image_id = image.image_id)
            AND NOT EXISTS (SELECT 1 FROM image AS child
                WHERE child.repository_id = image.repository_id AND child.parent_id = image.image_id)
        """

    /// Deletes derived manifests that are no face any more; how many that were.
    func deleteUnusedManifests(in repository: Int64? = nil) throws -> Int {
        let place: SQL = repository.map { "AND repository_id = \($0)" } ?? ""
        return try connection.run("DELETE FROM manifest WHERE \(Self.isUnusedManifest) \(place)")
    }

    /// Deletes derived images that are no face any more and on which none builds; how many that were. Their parents may be next.
    func deleteUnusedImages(in repository: Int64? = nil) throws -> Int {
        let place: SQL = repository.map { "AND repository_id = \($0)" } ?? ""
        return try connection.run("DELETE FROM image WHERE \(Self.isUnusedImage) \(place)")
    }

    /// How many rows a sweep would begin with.
    func unusedFaceCount() throws -> Int {
        let manifests = try connection.row("SELECT count(*) AS count FROM manifest WHERE \(Self.isUnusedManifest)")?.integer("count") ?? 0
        let images = try connection.row("SELECT count(*) AS count FROM image WHERE \(Self.isUnusedImage)")?.integer("count") ?? 0
        return Int(manifests + images)
    }
}

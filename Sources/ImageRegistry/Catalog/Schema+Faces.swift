import Database

extension Catalog {
    /// The faces of images: what was made of what was pushed, so that every client is shown what it can read.
    static let faces: [SQL] = [
        "ALTER TABLE blob ADD COLUMN is_derived INTEGER NOT NULL DEFAULT 0 CHECK (is_derived IN (0, 1))",
        "ALTER TABLE image ADD COLUMN is_derived INTEGER NOT NULL DEFAULT 0 CHECK (is_derived IN (0, 1))",
        "ALTER TABLE manifest ADD COLUMN is_derived INTEGER NOT NULL DEFAULT 0 CHECK (is_derived IN (0, 1))",
        // Of an index: the image that stands for it where a client knows no index.
        "ALTER TABLE manifest ADD COLUMN platform_digest TEXT",
        """
        UPDATE manifest SET platform_digest = (
            SELECT child.digest FROM manifest_reference AS listed
            JOIN manifest AS child ON child.repository_id = listed.repository_id AND child.digest = listed.digest
            WHERE listed.manifest_id = manifest.id AND listed.kind = 'manifest' AND child.image_id = manifest.image_id LIMIT 1)
        WHERE image_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM manifest_reference AS listed WHERE listed.manifest_id = manifest.id AND listed.kind = 'manifest')
        """,
        "UPDATE manifest SET image_id = NULL WHERE platform_digest IS NOT NULL",
        "CREATE INDEX manifest_by_image ON manifest (image_id) WHERE image_id IS NOT NULL",
        // A face is named by its origin and its kind; `label` is what it depends on besides: the tag, which stands in manifests of schema 1.
        """
        CREATE TABLE face (
            id INTEGER PRIMARY KEY,
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            origin_image_id TEXT,
            origin_manifest_id INTEGER REFERENCES manifest (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('v1', 'schema1', 'docker', 'oci')),
            label TEXT NOT NULL DEFAULT '',
            image_id TEXT,
            manifest_id INTEGER REFERENCES manifest (id) ON DELETE CASCADE,
            FOREIGN KEY (repository_id, origin_image_id) REFERENCES image (repository_id, image_id) ON DELETE CASCADE,
            FOREIGN KEY (repository_id, image_id) REFERENCES image (repository_id, image_id) ON DELETE CASCADE,
            CHECK ((origin_image_id IS NULL) <> (origin_manifest_id IS NULL)),
            CHECK ((image_id IS NULL) <> (manifest_id IS NULL)),
            CHECK ((kind = 'v1') = (image_id IS NOT NULL))
        )
        """,
        "CREATE UNIQUE INDEX face_of_image ON face (repository_id, origin_image_id, kind, label) WHERE origin_image_id IS NOT NULL",
        "CREATE UNIQUE INDEX face_of_manifest ON face (origin_manifest_id, kind, label) WHERE origin_manifest_id IS NOT NULL",
        "CREATE INDEX face_by_manifest ON face (manifest_id) WHERE manifest_id IS NOT NULL",
        "CREATE INDEX face_by_image ON face (repository_id, image_id) WHERE image_id IS NOT NULL",
        // What is known of a layer's content, now with zstd, and with the gzip that was made of it.
        """
        CREATE TABLE new_layer_content (
            digest TEXT NOT NULL PRIMARY KEY REFERENCES blob (digest) ON DELETE CASCADE,
            diff_id TEXT NOT NULL,
            uncompressed_size INTEGER NOT NULL CHECK (uncompressed_size >= 0),
            compression TEXT NOT NULL CHECK (compression IN ('none', 'gzip', 'bzip2', 'xz', 'zstd')),
            is_archive INTEGER NOT NULL CHECK (is_archive IN (0, 1)),
            gzip_digest TEXT REFERENCES blob (digest) ON DELETE SET NULL
        )
        """,
        """
        INSERT INTO new_layer_content (digest, diff_id, uncompressed_size, compression, is_archive)
        SELECT digest, diff_id, uncompressed_size, compression, is_archive FROM layer_content
        """,
        "DROP TABLE layer_content",
        "ALTER TABLE new_layer_content RENAME TO layer_content",
        "CREATE INDEX layer_content_by_gzip ON layer_content (gzip_digest) WHERE gzip_digest IS NOT NULL",
    ]
}

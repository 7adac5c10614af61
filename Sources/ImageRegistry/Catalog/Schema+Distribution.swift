import Database

extension Catalog {
    /// What the Distribution API keeps: manifests with what they name, which repository may show which blob, and uploads.
    static let distribution: [SQL] = [
        "CREATE INDEX repository_by_shown_name ON repository (shown_name)",
        // The bytes stand in the row: one statement finds a manifest and reads it.
        """
        CREATE TABLE manifest (
            id INTEGER PRIMARY KEY,
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            digest TEXT NOT NULL,
            media_type TEXT NOT NULL,
            size INTEGER NOT NULL CHECK (size >= 0),
            subject TEXT,
            artifact_type TEXT,
            annotations BLOB,
            image_id TEXT,
            created_at INTEGER NOT NULL,
            document BLOB NOT NULL,
            UNIQUE (repository_id, digest)
        )
        """,
        "CREATE INDEX manifest_by_subject ON manifest (repository_id, subject, digest) WHERE subject IS NOT NULL",
        // The repository stands here too, so that whether it needs a digest is one look into one index, however many others do.
        """
        CREATE TABLE manifest_reference (
            manifest_id INTEGER NOT NULL REFERENCES manifest (id) ON DELETE CASCADE,
            repository_id INTEGER NOT NULL,
            digest TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('blob', 'manifest')),
            PRIMARY KEY (manifest_id, digest, kind)
        )
        """,
        "CREATE INDEX manifest_reference_by_digest ON manifest_reference (repository_id, digest)",
        // A blob is visible only through such a row. `leased_at` is when somebody last relied on it without a manifest to show for it.
        """
        CREATE TABLE repository_blob (
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            digest TEXT NOT NULL REFERENCES blob (digest),
            leased_at INTEGER NOT NULL,
            PRIMARY KEY (repository_id, digest)
        )
        """,
        "CREATE INDEX repository_blob_by_digest ON repository_blob (digest)",
        // The repository is a name here: it comes into being with the first blob, not with the first wish.
        """
        CREATE TABLE upload (
            id TEXT NOT NULL PRIMARY KEY,
            repository TEXT NOT NULL,
            owner TEXT NOT NULL,
            algorithm TEXT NOT NULL CHECK (algorithm IN ('sha256', 'sha512')),
            length INTEGER NOT NULL DEFAULT 0 CHECK (length >= 0),
            updated_at INTEGER NOT NULL
        )
        """,
        "CREATE INDEX upload_by_repository ON upload (repository)",
        "CREATE INDEX upload_by_update ON upload (updated_at)",
        """
        CREATE TABLE signing_key (
            kid TEXT NOT NULL PRIMARY KEY,
            private_key BLOB NOT NULL,
            created_at INTEGER NOT NULL
        )
        """,
    ]

    /// A tag names a v1 image or a manifest.
    static let tagsOfManifests: [SQL] = [
        """
        CREATE TABLE new_tag (
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            image_id TEXT,
            manifest_id INTEGER REFERENCES manifest (id) ON DELETE CASCADE,
            updated_at INTEGER NOT NULL,
            docker_version TEXT,
            docker_go_version TEXT,
            arch TEXT,
            os TEXT,
            kernel TEXT,
            PRIMARY KEY (repository_id, name),
            FOREIGN KEY (repository_id, image_id) REFERENCES image (repository_id, image_id) DEFERRABLE INITIALLY DEFERRED,
            CHECK ((image_id IS NULL) <> (manifest_id IS NULL))
        )
        """,
        """
        INSERT INTO new_tag (repository_id, name, image_id, updated_at, docker_version, docker_go_version, arch, os, kernel)
        SELECT repository_id, name, image_id, updated_at, docker_version, docker_go_version, arch, os, kernel FROM tag
        """,
        "DROP TABLE tag",
        "ALTER TABLE new_tag RENAME TO tag",
        "CREATE INDEX tag_by_image ON tag (repository_id, image_id)",
        "CREATE INDEX tag_by_manifest ON tag (manifest_id)",
    ]

    /// What a sweep has found, and what it is about to take away.
    static let sweeping: [SQL] = [
        "ALTER TABLE blob ADD COLUMN orphaned_at INTEGER",
        "CREATE INDEX blob_by_orphaning ON blob (orphaned_at) WHERE orphaned_at IS NOT NULL",
        // The fence between a sweep that takes a blob's bytes away and a push that brings the same bytes again. Each removal has a number,
        // so that a push knows whether one has come and gone meanwhile.
        """
        CREATE TABLE blob_removal (
            digest TEXT NOT NULL PRIMARY KEY,
            number INTEGER NOT NULL,
            is_underway INTEGER NOT NULL CHECK (is_underway IN (0, 1)),
            changed_at INTEGER NOT NULL
        )
        """,
    ]
}

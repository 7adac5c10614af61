import Database

extension Catalog {
    /// The schema, step by step. A step that has been released is never edited: another one follows it.
    static let migrations = [
        Migration(version: 1, statements: repositories + images + tags + search),
        Migration(version: 2, statements: accounts + credentials),
        Migration(version: 3, statements: distribution + tagsOfManifests + sweeping),
        Migration(version: 4, statements: faces),
    ]

    private static let repositories: [SQL] = [
        """
        CREATE TABLE repository (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            shown_name TEXT NOT NULL,
            description TEXT NOT NULL DEFAULT '',
            star_count INTEGER NOT NULL DEFAULT 0 CHECK (star_count >= 0),
            is_official INTEGER NOT NULL DEFAULT 0 CHECK (is_official IN (0, 1)),
            is_automated INTEGER NOT NULL DEFAULT 0 CHECK (is_automated IN (0, 1)),
            is_trusted INTEGER NOT NULL DEFAULT 0 CHECK (is_trusted IN (0, 1)),
            is_private INTEGER NOT NULL DEFAULT 0 CHECK (is_private IN (0, 1)),
            created_at INTEGER NOT NULL
        )
        """,
        // What a client declared that the repository holds, whether or not the images have arrived.
        """
        CREATE TABLE repository_image (
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            image_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            checksum TEXT,
            PRIMARY KEY (repository_id, image_id)
        )
        """,
        "CREATE INDEX repository_image_by_image ON repository_image (image_id)",
    ]

    private static let images: [SQL] = [
        """
        CREATE TABLE blob (
            digest TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL CHECK (size >= 0),
            created_at INTEGER NOT NULL
        )
        """,
        // What was learned of a blob's content in the pass that stored it.
        """
        CREATE TABLE layer_content (
            digest TEXT NOT NULL PRIMARY KEY REFERENCES blob (digest) ON DELETE CASCADE,
            diff_id TEXT NOT NULL,
            uncompressed_size INTEGER NOT NULL CHECK (uncompressed_size >= 0),
            compression TEXT NOT NULL CHECK (compression IN ('none', 'gzip', 'bzip2', 'xz')),
            is_archive INTEGER NOT NULL CHECK (is_archive IN (0, 1))
        )
        """,
        // The sums cover the document as well as the layer, so they belong to the image; each is null until the layer is there, or when
        // the layer is no archive. `checksum` is the sum that completed the image: an image without one is still being pushed.
        """
        CREATE TABLE image (
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            image_id TEXT NOT NULL,
            parent_id TEXT,
            depth INTEGER NOT NULL CHECK (depth >= 1),
            document BLOB NOT NULL,
            layer_digest TEXT REFERENCES blob (digest),
            payload_sum TEXT,
            tarsum TEXT,
            tarsum_last_path_wins TEXT,
            checksum TEXT,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (repository_id, image_id),
            FOREIGN KEY (repository_id, parent_id) REFERENCES image (repository_id, image_id) DEFERRABLE INITIALLY DEFERRED,
            CHECK (checksum IS NULL OR layer_digest IS NOT NULL),
            CHECK ((parent_id IS NULL) = (depth = 1))
        )
        """,
        "CREATE INDEX image_by_id ON image (image_id)",
        "CREATE INDEX image_by_parent ON image (repository_id, parent_id)",
        "CREATE INDEX image_by_layer ON image (layer_digest)",
        // The sums that a client has offered for an image that is not complete.
        """
        CREATE TABLE image_offer (
            repository_id INTEGER NOT NULL,
            image_id TEXT NOT NULL,
            checksum TEXT NOT NULL,
            with_document INTEGER NOT NULL CHECK (with_document IN (0, 1)),
            PRIMARY KEY (repository_id, image_id, checksum),
            FOREIGN KEY (repository_id, image_id) REFERENCES image (repository_id, image_id) ON DELETE CASCADE
        )
        """,
    ]

    private static let tags: [SQL] = [
        """
        CREATE TABLE tag (
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            image_id TEXT NOT NULL,
            updated_at INTEGER NOT NULL,
            docker_version TEXT,
            docker_go_version TEXT,
            arch TEXT,
            os TEXT,
            kernel TEXT,
            PRIMARY KEY (repository_id, name),
            FOREIGN KEY (repository_id, image_id) REFERENCES image (repository_id, image_id) DEFERRABLE INITIALLY DEFERRED
        )
        """,
        "CREATE INDEX tag_by_image ON tag (repository_id, image_id)",
    ]

    /// SQLite's own full-text index; trigrams find any part of a name of three letters or more (SQLite, "FTS5: The Trigram Tokenizer").
    private static let search: [SQL] = [
        """
        CREATE VIRTUAL TABLE repository_text USING fts5 (
            shown_name, description, content='repository', content_rowid='id', tokenize='trigram'
        )
        """,
        """
        CREATE TRIGGER repository_text_insert AFTER INSERT ON repository BEGIN
            INSERT INTO repository_text (rowid, shown_name, description) VALUES (new.id, new.shown_name, new.description);
        END
        """,
        """
        CREATE TRIGGER repository_text_delete AFTER DELETE ON repository BEGIN
            INSERT INTO repository_text (repository_text, rowid, shown_name, description)
            VALUES ('delete', old.id, old.shown_name, old.description);
        END
        """,
        """
        CREATE TRIGGER repository_text_update AFTER UPDATE OF shown_name, description ON repository BEGIN
            INSERT INTO repository_text (repository_text, rowid, shown_name, description)
            VALUES ('delete', old.id, old.shown_name, old.description);
            INSERT INTO repository_text (rowid, shown_name, description) VALUES (new.id, new.shown_name, new.description);
        END
        """,
    ]
}

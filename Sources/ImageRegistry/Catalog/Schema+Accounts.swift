import Database

extension Catalog {
    /// People, and what they may do.
    static let accounts: [SQL] = [
        // Users and organizations share their names, which are namespaces of repositories.
        """
        CREATE TABLE namespace (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('user', 'organization')),
            created_at INTEGER NOT NULL
        )
        """,
        """
        CREATE TABLE user_account (
            id INTEGER PRIMARY KEY REFERENCES namespace (id) ON DELETE CASCADE,
            password TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'unconfirmed', 'disabled')),
            is_administrator INTEGER NOT NULL DEFAULT 0 CHECK (is_administrator IN (0, 1))
        )
        """,
        // Unique by the folded form: two spellings of one mailbox are one address.
        """
        CREATE TABLE user_email (
            folded TEXT NOT NULL PRIMARY KEY,
            address TEXT NOT NULL,
            user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            added_at INTEGER NOT NULL,
            confirmed_at INTEGER
        )
        """,
        "CREATE INDEX user_email_by_user ON user_email (user_id)",
        """
        CREATE TABLE member (
            organization_id INTEGER NOT NULL REFERENCES namespace (id) ON DELETE CASCADE,
            user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            access TEXT NOT NULL CHECK (access IN ('read', 'write', 'admin')),
            PRIMARY KEY (organization_id, user_id)
        )
        """,
        "CREATE INDEX member_by_user ON member (user_id)",
        """
        CREATE TABLE collaborator (
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            access TEXT NOT NULL CHECK (access IN ('read', 'write', 'admin')),
            PRIMARY KEY (repository_id, user_id)
        )
        """,
        "CREATE INDEX collaborator_by_user ON collaborator (user_id)",
        """
        CREATE TABLE star (
            repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            PRIMARY KEY (repository_id, user_id)
        )
        """,
        "CREATE INDEX star_by_user ON star (user_id)",
    ]

    /// What proves who somebody is. Nothing here is usable by whoever reads it, but for `secret`.
    static let credentials: [SQL] = [
        // `lookup` is the key's first part, `digest` the sum of all of it.
        """
        CREATE TABLE api_key (
            id INTEGER PRIMARY KEY,
            user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            lookup TEXT NOT NULL UNIQUE,
            digest BLOB NOT NULL,
            access TEXT NOT NULL CHECK (access IN ('read', 'write', 'admin')),
            created_at INTEGER NOT NULL,
            expires_at INTEGER,
            UNIQUE (user_id, name)
        )
        """,
        """
        CREATE TABLE api_key_repository (
            api_key_id INTEGER NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
            pattern TEXT NOT NULL,
            PRIMARY KEY (api_key_id, pattern)
        )
        """,
        """
        CREATE TABLE invitation (
            digest BLOB NOT NULL PRIMARY KEY,
            address TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        )
        """,
        // Keys that this registry signs with, made when they are first needed.
        """
        CREATE TABLE secret (
            name TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL
        )
        """,
        // When a token was last seen in use, written seldom: a token lives on while it is used.
        """
        CREATE TABLE token_use (
            token BLOB NOT NULL PRIMARY KEY,
            used_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        )
        """,
        "CREATE INDEX token_use_by_expiry ON token_use (expires_at)",
        // Images that no repository has claimed stand under '~' and their pusher's name, which no request can write.
        "UPDATE repository SET name = '~' WHERE name = ''",
    ]
}

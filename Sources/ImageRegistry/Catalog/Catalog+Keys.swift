import Credentials
import Database
import ImageModel

extension Catalog {
    private static let keyColumns: SQL = "SELECT id, user_id, name, digest, access, created_at, expires_at FROM api_key"

    /// False when the user has a key of that name.
    func addKey(_ key: APIKey, lookup: String, digest: [UInt8], of user: Int64) throws -> Bool {
        let added = try connection.run(
            """
            INSERT INTO api_key (user_id, name, lookup, digest, access, created_at, expires_at)
            VALUES (\(user), \(key.name), \(lookup), \(digest), \(key.access.rawValue), \(key.createdAt), \(key.expiresAt))
            ON CONFLICT (user_id, name) DO NOTHING
            """)
        guard added == 1 else { return false }
        for pattern in Set(key.repositories.map(\.description)) {
            try connection.run(
                """
                INSERT INTO api_key_repository (api_key_id, pattern)
                SELECT id, \(pattern) FROM api_key WHERE lookup = \(lookup)
                """)
        }
        return true
    }

    func keys(of user: Int64) throws -> [KeyCredential] {
        try connection.rows("\(Self.keyColumns) WHERE user_id = \(user) ORDER BY name").map(keyCredential)
    }

    func key(lookup: String, of user: Int64) throws -> KeyCredential? {
        try connection.row("\(Self.keyColumns) WHERE lookup = \(lookup) AND user_id = \(user)").map(keyCredential)
    }

    func key(_ id: Int64, of user: Int64) throws -> KeyCredential? {
        try connection.row("\(Self.keyColumns) WHERE id = \(id) AND user_id = \(user)").map(keyCredential)
    }

    /// False when the user has no such key.
    func removeKey(named name: String, of user: Int64) throws -> Bool {
        try connection.run("DELETE FROM api_key WHERE user_id = \(user) AND name = \(name)") == 1
    }

    private func keyCredential(_ row: Row) throws -> KeyCredential {
        let id = try row.integer("id")
        let patterns = try connection.rows("SELECT pattern FROM api_key_repository WHERE api_key_id = \(id) ORDER BY pattern").map { row in
            guard let pattern = RepositoryPattern(try row.text("pattern")) else {
                throw Row.Mismatch(column: "pattern", expected: "a pattern of repositories")
            }
            return pattern
        }
        let key = APIKey(
            name: try row.text("name"), access: try Self.access(row), repositories: patterns, createdAt: try row.integer("created_at"),
            expiresAt: try row.integerIfAny("expires_at"))
        return KeyCredential(id: id, key: key, digest: try row.bytes("digest"))
    }
}

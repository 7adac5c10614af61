import Database

extension Catalog {
    func signingKeys() throws -> [Registry.StoredSigningKey] {
        try connection.rows("SELECT kid, private_key, created_at FROM signing_key ORDER BY created_at DESC, kid DESC").map {
            Registry.StoredSigningKey(
                kid: try $0.text("kid"), privateKey: try $0.bytes("private_key"), createdAt: try $0.integer("created_at"))
        }
    }

    func addSigningKey(_ key: Registry.StoredSigningKey) throws {
        try connection.run(
            "INSERT INTO signing_key (kid, private_key, created_at) VALUES (\(key.kid), \(key.privateKey), \(key.createdAt))")
    }

    func removeSigningKeys(olderThan time: Int64) throws {
        try connection.run(
            """
            DELETE FROM signing_key WHERE created_at < \(time)
                AND kid <> (SELECT kid FROM signing_key ORDER BY created_at DESC, kid DESC LIMIT 1)
            """)
    }
}

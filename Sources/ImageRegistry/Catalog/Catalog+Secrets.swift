import Database

extension Catalog {
    /// The key of this name, which is `made` when there was none yet.
    func secret(_ name: String, orElse made: [UInt8]) throws -> [UInt8] {
        try connection.run("INSERT INTO secret (name, value) VALUES (\(name), \(made)) ON CONFLICT (name) DO NOTHING")
        return try connection.row("SELECT value FROM secret WHERE name = \(name)")?.bytes("value") ?? made
    }

    /// When the token was last recorded to be in use, in seconds since 1970.
    func lastUse(of token: [UInt8]) throws -> Int64? {
        try connection.row("SELECT used_at FROM token_use WHERE token = \(token)")?.integer("used_at")
    }

    /// Records that the token is in use, and forgets those that are over for good.
    func recordUse(of token: [UInt8], at time: Int64, expiresAt: Int64) throws {
        try connection.run("DELETE FROM token_use WHERE expires_at <= \(time)")
        try connection.run(
            """
            INSERT INTO token_use (token, used_at, expires_at) VALUES (\(token), \(time), \(expiresAt))
            ON CONFLICT (token) DO UPDATE SET used_at = excluded.used_at
            """)
    }
}

import Database

/// The catalog within one transaction. Every SQL statement of the project stands in this folder.
struct Catalog {
    let connection: any SQLConnection
    let policy: AccessPolicy

    /// Throws when the database does not answer.
    func check() throws {
        _ = try connection.rows("SELECT 1 AS one")
    }
}

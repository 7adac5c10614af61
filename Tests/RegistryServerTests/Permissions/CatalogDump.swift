import Database

/// Every row of a catalog, as the statement that makes it; so that two states of a catalog can be compared, and one be gone back to.
struct CatalogDump: Sendable, Equatable {
    let tables: [String]
    /// By table, then by text.
    let rows: [String]

    /// When a token was last used is no change that a request makes to anything.
    private static let bookkeeping: Set<String> = ["token_use"]

    init(_ database: any SQLDatabase) async throws {
        (tables, rows) = try await database.read { connection in
            let names = try connection.rows(
                """
                SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
                    AND name NOT LIKE 'repository!_text%' ESCAPE '!' AND name <> 'schema_version' ORDER BY name
                """
            ).map { try $0.text("name") }
            let rows = try names.filter { !Self.bookkeeping.contains($0) }.flatMap { table in
                let columns = try connection.rows("SELECT name FROM pragma_table_info(\(table)) ORDER BY cid").map { try $0.text("name") }
                let values = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ', ' || ")
                let statement = "SELECT 'INSERT INTO \"\(table)\" VALUES (' || \(values) || ')' AS statement FROM \"\(table)\" ORDER BY 1"
                return try connection.rows(SQL(stringLiteral: statement)).map { try $0.text("statement") }
            }
            return (names, rows)
        }
    }

    /// Makes the catalog what it was.
    func restore(_ database: any SQLDatabase) async throws {
        try await database.write { connection in
            try connection.run("PRAGMA defer_foreign_keys = ON")
            for table in tables.reversed() { try connection.run(SQL(stringLiteral: "DELETE FROM \"\(table)\"")) }
            for row in rows { try connection.run(SQL(stringLiteral: row)) }
        }
    }

    /// What is in one and not in the other, for people.
    func difference(to other: CatalogDump) -> String {
        let gone = Set(rows).subtracting(other.rows).sorted().map { "- \($0.prefix(200))" }
        let new = Set(other.rows).subtracting(rows).sorted().map { "+ \($0.prefix(200))" }
        return (gone + new).joined(separator: "; ")
    }
}

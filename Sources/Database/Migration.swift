/// One step of the schema. Steps are run in order, each once, each whole; there is no way back.
public struct Migration: Sendable {
    /// The schema's version after this step; steps count from 1 without gaps.
    public let version: Int
    public let statements: [SQL]

    public init(version: Int, statements: [SQL]) {
        self.version = version
        self.statements = statements
    }
}

/// Why a database cannot be brought to the program's schema.
public enum MigrationRefusal: Error, Hashable, CustomStringConvertible {
    /// A newer program has been here; this one would not understand what it finds.
    case schemaIsNewer(found: Int, known: Int)

    public var description: String {
        switch self {
        case .schemaIsNewer(let found, let known):
            "the catalog has schema \(found), and this version of wharf knows only \(known): start the newer version, or use another data folder"
        }
    }
}

extension SQLDatabase {
    /// Runs those of `migrations` that the database has not seen, all in one transaction.
    ///
    /// - Throws: ``MigrationRefusal`` when the schema is newer than the last migration; nothing is changed then.
    public func migrate(_ migrations: [Migration]) async throws {
        try await write { connection in
            try connection.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY)")
            let found = Int(try connection.row("SELECT max(version) AS version FROM schema_version")?.integerIfAny("version") ?? 0)
            let known = migrations.last?.version ?? 0
            guard found <= known else { throw MigrationRefusal.schemaIsNewer(found: found, known: known) }
            for migration in migrations where migration.version > found {
                for statement in migration.statements { try connection.run(statement) }
                try connection.run("INSERT INTO schema_version (version) VALUES (\(migration.version))")
            }
        }
    }
}

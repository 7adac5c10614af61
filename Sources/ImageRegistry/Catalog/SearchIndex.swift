public import Database
public import ImageModel

/// The database in which docker-registry kept what its search found (`search_backend: sqlalchemy`; v1.md §8).
public struct SearchIndex: Sendable {
    private let database: any SQLDatabase

    public init(_ database: any SQLDatabase) { self.database = database }

    /// - Throws: the driver's error when there is no such table.
    public func check() async throws {
        _ = try await database.read { try $0.rows("SELECT name, description FROM repository LIMIT 1") }
    }

    /// Nil when it says nothing.
    public func description(of name: RepositoryName) async throws -> String? {
        let text = try await database.read { connection in
            try connection.row("SELECT description FROM repository WHERE name = \(name.text)")?.textIfAny("description")
        }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }
}

public import Database
import GRDB

/// A catalog in one SQLite file, with a write-ahead log and full synchronisation: what was committed survives a power cut.
///
/// Readers never wait for the writer. Other processes may use the file at the same time (SQLite, "Write-Ahead Logging").
public struct SQLiteDatabase: SQLDatabase {
    private let pool: DatabasePool
    private let observer: SQLiteObserver

    /// How long a writer waits for a writer of another process, in seconds.
    private static let busyTimeout = 10.0
    /// Readers at once; more than the machine has cores for brings nothing.
    private static let maximumReaders = 8

    /// Opens the file, making it when it is missing.
    ///
    /// - Throws: the driver's error when the file cannot be opened or is no database.
    public init(path: String) throws {
        SQLiteFile.make(path)
        var configuration = GRDB.Configuration()
        configuration.label = "catalog"
        configuration.busyMode = .timeout(Self.busyTimeout)
        configuration.maximumReaderCount = Self.maximumReaders
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA foreign_keys = ON")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL, with which a power cut may lose what was committed last.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        observer = try SQLiteObserver(path: path)
    }

    public func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try await pool.read { try body(SQLiteConnection(database: $0)) }
    }

    public func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        do {
            return try await pool.write { try body(SQLiteConnection(database: $0)) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw SQLDatabaseFull()
        }
    }

    public func version() -> Int64? { observer.version() }

    /// Closes the file; SQLite folds the write-ahead log into it when nobody else has it open.
    public func close() throws {
        observer.close()
        try pool.close()
    }
}

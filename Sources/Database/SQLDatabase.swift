/// A database: it lends connections, each in a transaction.
///
/// SQLite is the embedded driver; the seam is cut so that another database needs a folder and no new statement.
public protocol SQLDatabase: Sendable {
    /// Runs `body` on a snapshot that no writer changes meanwhile.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value

    /// Runs `body` in a transaction that is durable when this returns, and undone when `body` throws.
    ///
    /// - Throws: ``SQLDatabaseFull``; what `body` throws; the driver's own errors.
    @discardableResult
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value

    /// A number that differs from an earlier one whenever anything was committed in between, by this process or another; nil when the
    /// database cannot tell so cheaply that it may be asked on an event loop. Answers may be kept exactly as long as it stays the same.
    func version() -> Int64?
}

/// A connection inside a transaction. It is valid only within the closure that it was lent to.
public protocol SQLConnection {
    func rows(_ statement: SQL) throws -> [Row]

    /// Runs a statement for its effect and returns how many rows it changed.
    @discardableResult
    func run(_ statement: SQL) throws -> Int
}

extension SQLConnection {
    /// The first row, or nil when there is none.
    public func row(_ statement: SQL) throws -> Row? { try rows(statement).first }
}

/// There is no room for what was to be written.
public struct SQLDatabaseFull: Error {
    public init() {}
}

import GRDB
import GRDBSQLite
import NIOConcurrencyHelpers

/// A connection of its own that only ever asks for `PRAGMA data_version`: SQLite's own count of commits by *other* connections, those of
/// other processes included, answered from shared memory within microseconds (SQLite, "PRAGMA data_version").
final class SQLiteObserver: Sendable {
    // Sendable because it lives in the locked box below: the pointers are used only under its lock, one thread at a time, which is what a
    // connection opened without SQLite's own mutex asks for (SQLite, "Using SQLite In Multi-Threaded Applications").
    private struct Handles: @unchecked Sendable {
        var connection: OpaquePointer?
        var statement: OpaquePointer?
    }

    private let handles: NIOLockedValueBox<Handles>

    init(path: String) throws {
        var opened = Handles()
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
        let status = sqlite3_open_v2(path, &opened.connection, flags, nil)
        guard status == SQLITE_OK, sqlite3_prepare_v2(opened.connection, "PRAGMA data_version", -1, &opened.statement, nil) == SQLITE_OK
        else {
            let code = sqlite3_extended_errcode(opened.connection)
            sqlite3_close_v2(opened.connection)
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "cannot watch the catalog's version")
        }
        handles = NIOLockedValueBox(opened)
    }

    /// Nil when SQLite cannot tell just now; then nothing may be kept.
    func version() -> Int64? {
        handles.withLockedValue { handles in
            guard let statement = handles.statement else { return nil }
            defer { sqlite3_reset(statement) }
            return sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : nil
        }
    }

    func close() {
        handles.withLockedValue { handles in
            sqlite3_finalize(handles.statement)
            sqlite3_close_v2(handles.connection)
            handles = Handles()
        }
    }

    deinit { close() }
}

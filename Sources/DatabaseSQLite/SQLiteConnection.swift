import Database
import Foundation
import GRDB

/// GRDB's connection behind the seam: statements are prepared once and kept by their text.
struct SQLiteConnection: SQLConnection {
    let database: GRDB.Database

    func rows(_ statement: SeamStatement) throws -> [SeamRow] {
        let prepared = try database.cachedStatement(sql: statement.text)
        let cursor = try GRDB.Row.fetchCursor(prepared, arguments: StatementArguments(statement.values.map { try $0.databaseValue }))
        let columns = prepared.columnNames
        var rows: [SeamRow] = []
        while let row = try cursor.next() {
            rows.append(SeamRow(columns: columns, values: row.databaseValues.map { SQLValue($0) }))
        }
        return rows
    }

    func run(_ statement: SeamStatement) throws -> Int {
        let prepared = try database.cachedStatement(sql: statement.text)
        try prepared.execute(arguments: StatementArguments(statement.values.map { try $0.databaseValue }))
        return database.changesCount
    }
}

extension SQLValue {
    /// SQLite would end a text at its first NUL, and so take one value for another.
    fileprivate var databaseValue: DatabaseValue {
        get throws {
            switch self {
            case .null: .null
            case .integer(let integer): integer.databaseValue
            case .text(let text) where text.utf8.contains(0): throw SQLTextWithNUL()
            case .text(let text): text.databaseValue
            case .bytes(let bytes): Data(bytes).databaseValue
            }
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let integer): .integer(integer)
            case .double(let number): .integer(Int64(number))
            case .string(let text): .text(text)
            case .blob(let data): .bytes([UInt8](data))
            }
    }
}

import Database
import DatabaseSQLite
import RegistryTesting
import Testing

@Suite("SQLite keeps the contract of databases")
struct SQLiteTests {
    @Test(arguments: SQLDatabaseContract.all.map(\.name))
    func contract(clause: String) async throws {
        try await TemporaryFolder.lend { folder in
            let database = try SQLiteDatabase(path: "\(folder)/catalog.sqlite")
            try await #require(SQLDatabaseContract.all.first { $0.name == clause }).check(database)
            try database.close()
        }
    }

    @Test("what is committed is flushed to the disk, in a write-ahead log")
    func durable() async throws {
        try await TemporaryFolder.lend { folder in
            let database = try SQLiteDatabase(path: "\(folder)/catalog.sqlite")
            let row = try await database.write {
                try $0.row("SELECT synchronous, journal_mode FROM pragma_synchronous, pragma_journal_mode")
            }
            #expect(try row?.integer("synchronous") == 2)
            #expect(try row?.text("journal_mode") == "wal")
            try database.close()
        }
    }

    @Test("another process's commit is seen, and changes the version")
    func otherProcess() async throws {
        try await TemporaryFolder.lend { folder in
            let one = try SQLiteDatabase(path: "\(folder)/catalog.sqlite")
            let other = try SQLiteDatabase(path: "\(folder)/catalog.sqlite")
            _ = try await one.write { try $0.run("CREATE TABLE seen (n INTEGER NOT NULL)") }
            let version = one.version()
            _ = try await other.write { try $0.run("INSERT INTO seen (n) VALUES (1)") }
            #expect(one.version() != version)
            #expect(try await one.read { try $0.rows("SELECT n FROM seen").count } == 1)
            try one.close()
            try other.close()
        }
    }

    @Test("a file that is no database is refused")
    func noDatabase() async throws {
        try await TemporaryFolder.lend { folder in
            #expect(throws: (any Error).self) { try SQLiteDatabase(path: folder) }
        }
    }
}

public import Database
import Testing

/// What every database keeps to behind the seam. A driver's tests run each of these on a fresh database.
public enum SQLDatabaseContract {
    public static let all: [(name: String, check: @Sendable (any SQLDatabase) async throws -> Void)] = [
        ("values of every type come back as they went in", values),
        ("an interpolated value is never read as SQL", binds),
        ("a transaction that throws leaves nothing", undone),
        ("constraints hold", constraints),
        ("a change is seen by the next read and counts in the version", version),
        ("migrations run once, in order, and a newer schema is refused", migrations),
        ("many writers are served one after the other", concurrentWriters),
    ]

    @Sendable private static func values(_ database: any SQLDatabase) async throws {
        try await database.write { try $0.run("CREATE TABLE kind (id INTEGER PRIMARY KEY, t TEXT, i INTEGER, b BLOB, n TEXT)") }
        let text = "ä'\"\\%_\u{1F6A2}\n"
        let bytes = [UInt8](0...255)
        let inserted = try await database.write {
            try $0.run("INSERT INTO kind (t, i, b, n) VALUES (\(text), \(Int64.min), \(bytes), \(String?.none))")
        }
        #expect(inserted == 1)
        let row = try #require(try await database.read { try $0.row("SELECT t, i, b, n FROM kind") })
        #expect(try row.text("t") == text)
        #expect(try row.integer("i") == .min)
        #expect(try row.bytes("b") == bytes)
        #expect(try row.textIfAny("n") == nil)
        await #expect(throws: SQLTextWithNUL.self) {
            try await database.read { try $0.rows("SELECT t FROM kind WHERE t = \("a\0b")") }
        }
        #expect(throws: Row.Mismatch.self) { try row.integer("t") }
        #expect(throws: Row.Mismatch.self) { try row.text("absent") }
    }

    @Sendable private static func binds(_ database: any SQLDatabase) async throws {
        try await database.write { try $0.run("CREATE TABLE word (text TEXT NOT NULL)") }
        let hostile = "x'); DELETE FROM word; --"
        try await database.write { try $0.run("INSERT INTO word (text) VALUES (\(hostile))") }
        let condition: SQL = "text = \(hostile)"
        #expect(try await database.read { try $0.rows("SELECT text FROM word WHERE \(condition) OR text = \("' OR ''='")").count } == 1)
    }

    @Sendable private static func undone(_ database: any SQLDatabase) async throws {
        struct Failure: Error {}
        try await database.write { try $0.run("CREATE TABLE undone (id INTEGER PRIMARY KEY)") }
        await #expect(throws: Failure.self) {
            try await database.write { connection in
                try connection.run("INSERT INTO undone (id) VALUES (1)")
                throw Failure()
            }
        }
        #expect(try await database.read { try $0.rows("SELECT id FROM undone").isEmpty })
    }

    @Sendable private static func constraints(_ database: any SQLDatabase) async throws {
        try await database.write { connection in
            try connection.run("CREATE TABLE owner (id INTEGER PRIMARY KEY)")
            try connection.run(
                "CREATE TABLE owned (owner_id INTEGER NOT NULL REFERENCES owner (id) ON DELETE CASCADE, n INTEGER CHECK (n > 0))")
            try connection.run("INSERT INTO owner (id) VALUES (1)")
            try connection.run("INSERT INTO owned (owner_id, n) VALUES (1, 1)")
        }
        await #expect(throws: (any Error).self) { try await database.write { try $0.run("INSERT INTO owned (owner_id, n) VALUES (2, 1)") } }
        await #expect(throws: (any Error).self) { try await database.write { try $0.run("INSERT INTO owned (owner_id, n) VALUES (1, 0)") } }
        try await database.write { try $0.run("DELETE FROM owner WHERE id = 1") }
        #expect(try await database.read { try $0.rows("SELECT n FROM owned").isEmpty })
    }

    @Sendable private static func version(_ database: any SQLDatabase) async throws {
        try await database.write { try $0.run("CREATE TABLE counted (n INTEGER NOT NULL)") }
        for number in 1...50 {
            let before = database.version()
            #expect(database.version() == before)
            try await database.write { try $0.run("INSERT INTO counted (n) VALUES (\(number))") }
            if before != nil { #expect(database.version() != before) }
            #expect(try await database.read { try $0.row("SELECT count(*) AS n FROM counted")?.integer("n") } == Int64(number))
        }
    }

    @Sendable private static func migrations(_ database: any SQLDatabase) async throws {
        let first = Migration(version: 1, statements: ["CREATE TABLE step (n INTEGER NOT NULL)", "INSERT INTO step (n) VALUES (1)"])
        let second = Migration(version: 2, statements: ["INSERT INTO step (n) VALUES (2)"])
        try await database.migrate([first])
        try await database.migrate([first, second])
        try await database.migrate([first, second])
        #expect(try await database.read { try $0.rows("SELECT n FROM step ORDER BY n").map { try $0.integer("n") } } == [1, 2])
        await #expect(throws: MigrationRefusal.schemaIsNewer(found: 2, known: 1)) { try await database.migrate([first]) }
        let broken = Migration(version: 3, statements: ["INSERT INTO step (n) VALUES (3)", "INSERT INTO absent (n) VALUES (3)"])
        await #expect(throws: (any Error).self) { try await database.migrate([first, second, broken]) }
        #expect(try await database.read { try $0.rows("SELECT n FROM step ORDER BY n").map { try $0.integer("n") } } == [1, 2])
    }

    @Sendable private static func concurrentWriters(_ database: any SQLDatabase) async throws {
        try await database.write { connection in
            try connection.run("CREATE TABLE counter (n INTEGER NOT NULL)")
            try connection.run("INSERT INTO counter (n) VALUES (0)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask { _ = try await database.write { try $0.run("UPDATE counter SET n = n + 1") } }
            }
            try await group.waitForAll()
        }
        #expect(try await database.read { try $0.row("SELECT n FROM counter")?.integer("n") } == 40)
    }
}

import Foundation
import Testing

/// Each check complains about a bad sample, and about nothing else.
@Suite("The checks themselves")
struct CheckerTests {
    private func sample(_ text: String, path: String = "Sources/X/Y.swift") -> Repository.File {
        Repository.File(path: path, text: text)
    }

    @Test("an import that the table does not list is found, in every form")
    func imports() {
        let target = House.Target(1, "X", imports: ["A"], outside: ["Logging"])
        let text = """
            import A
            public import Logging
            @testable import B
            @preconcurrency internal import C
            @_spi(Secret) import struct D.Thing
            #if canImport(Darwin)
                import Darwin
            #endif
            // import E
            let important = 1
            """
        #expect(
            importComplaints(sample(text), of: target) == [
                "Sources/X/Y.swift:3: X may not import B", "Sources/X/Y.swift:4: X may not import C",
                "Sources/X/Y.swift:5: X may not import D", "Sources/X/Y.swift:7: X may not import Darwin",
            ])
    }

    @Test("a table that points outwards is found")
    func house() {
        let targets = [
            House.Target(0, "A"), House.Target(2, "B", imports: ["A"]), House.Target(1, "C", imports: ["A", "B", "D"]),
            House.Target(1, "D", imports: ["D"]),
        ]
        #expect(
            houseComplaints(targets) == [
                "C imports B, which has a higher level", "C imports D, which does not stand above it",
                "D imports D, which does not stand above it",
            ])
    }

    @Test("the targets of a package are read in order, without tests")
    func package() {
        let text = """
            .systemLibrary(name: "C", providers: []),
            .target(
                name: "A", dependencies: [.product(name: "Logging", package: "swift-log")]),
            .executableTarget(name: "b"),
            .testTarget(name: "ATests"),
            """
        #expect(packageTargets(text) == ["C", "A", "b"])
    }

    @Test(
        "SQL is found",
        arguments: [
            #"run("SELECT name FROM tag")"#, "\"\"\"\n    SELECT name,\n        id\n    FROM tag\n\"\"\"", #""INSERT INTO tag VALUES (1)""#,
            #""INSERT OR IGNORE INTO tag""#, #""UPDATE tag SET name = 1""#, #""DELETE FROM tag""#, #""CREATE TABLE tag (""#,
            #""CREATE UNIQUE INDEX i""#, #""CREATE VIRTUAL TABLE t""#, #""DROP TABLE tag""#, #""ALTER TABLE tag""#,
            #""PRAGMA user_version""#,
            #""select name from tag where 1""#, #""delete from tag""#, #"" update tag set x = 1""#, #""create table t (""#,
        ])
    func sql(text: String) {
        #expect(sqlComplaints(sample("\n" + text)).count == 1)
        #expect(sqlComplaints(sample("/// " + text.replacing("\n", with: "\n/// "))) == [])
        #expect(sqlComplaints(sample(text, path: "Sources/ImageRegistry/Catalog/Catalog+Tags.swift")) == [])
        let inDriver = sqlComplaints(sample(text, path: "Sources/DatabaseSQLite/SQLiteDatabase.swift"))
        #expect(inDriver.isEmpty == text.contains("PRAGMA"))
    }

    @Test(
        "what only sounds like SQL is left alone",
        arguments: [
            "select the tag from the list", "// the DELETE route removes from tags", "case DELETE, UPDATE", "let UPDATE = \"SET\"",
            "\"select\"", "\"delete\"", "SELECT", "createTable()", "\"update the set\"",
        ])
    func noSQL(text: String) {
        #expect(sqlComplaints(sample(text)) == [])
    }

    @Test("a line too many is found")
    func length() {
        #expect(lengthComplaints(sample(String(repeating: "a\n", count: 500))) == [])
        #expect(lengthComplaints(sample(String(repeating: "a\n", count: 501))) == ["Sources/X/Y.swift: 501 lines, 500 are allowed"])
        #expect(lengthComplaints(sample(String(repeating: "a\n", count: 500) + "a")) == ["Sources/X/Y.swift: 501 lines, 500 are allowed"])
    }

    @Test("tabs, blanks at the end, carriage returns and a missing line break are found")
    func blanks() {
        #expect(blankComplaints(sample("a\n\n    b\n")) == [])
        #expect(
            blankComplaints(sample("\ta\nb \nc\r\nd")) == [
                "Sources/X/Y.swift:1: a tab", "Sources/X/Y.swift:2: blanks at the end", "Sources/X/Y.swift: a carriage return",
                "Sources/X/Y.swift: no line break at the end",
            ])
    }

    @Test("what stops the process is found")
    func traps() {
        let text = """
            let a = try! b()
            let c = d as! E
            fatalError("no")
            // try! in a comment
            let f = try? g() as? H
            """
        #expect(
            trapComplaints(sample(text)) == [
                "Sources/X/Y.swift:1: try!", "Sources/X/Y.swift:2: as!", "Sources/X/Y.swift:3: fatalError(",
            ])
    }

    @Test("a check that is switched off without a word is found")
    func unchecked() {
        let text = """
            final class A: @unchecked Sendable {}
            // The lock guards everything.
            final class B: @unchecked Sendable {}
            nonisolated(unsafe) var c = 1
            """
        #expect(
            uncheckedComplaints(sample(text)) == [
                "Sources/X/Y.swift:1: no comment above says why this is safe",
                "Sources/X/Y.swift:4: no comment above says why this is safe",
            ])
    }

    @Test("a file that is formatted otherwise is found")
    func format() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("struct A {\n    let b = 1\n}\n".utf8).write(to: folder.appending(path: "Good.swift"))
        #expect(try Formatter.complaints(about: ["."], in: folder) == nil)
        try Data("struct A {\n  let b = 1\n}\n".utf8).write(to: folder.appending(path: "Bad.swift"))
        #expect(try Formatter.complaints(about: ["."], in: folder)?.contains("Bad.swift:2:1: error: [Indentation]") == true)
    }
}

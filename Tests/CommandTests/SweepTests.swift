import Foundation
import ImageRegistry
import Testing

@testable import wharf

@Suite("wharf sweep")
struct SweepTests {
    private var report: SweepReport {
        var report = SweepReport()
        report.live = SweepTally(count: 20, bytes: 6000)
        report.waiting = SweepTally(count: 3, bytes: 100)
        report.removed = SweepTally(count: 2, bytes: 50)
        report.uploads = SweepTally(count: 1, bytes: 7)
        report.strays = SweepTally(count: 4, bytes: 11)
        return report
    }

    @Test("the table adds up, and says what would be so when nothing was done")
    func table() throws {
        #expect(
            try Sweep.Shown(report: report, isDryRun: false).text(as: .table) == """
                WHAT                            NUMBER  BYTES
                blobs in use                    20      6000
                blobs still within sweep.grace  3       100
                blobs removed                   2       50
                unfinished uploads removed      1       7
                stray files removed             4       11
                together                        30      6168

                """)
        var more = report
        (more.links, more.images) = (5, 6)
        #expect(
            try Sweep.Shown(report: more, isDryRun: true).text(as: .table) == """
                WHAT                                      NUMBER  BYTES
                blobs in use                              20      6000
                blobs still within sweep.grace            3       100
                blobs that would be removed               2       50
                unfinished uploads that would be removed  1       7
                stray files that would be removed         4       11
                together                                  30      6168
                would be forgotten: 5 blobs that their repositories need no more, 6 v1 images that no repository claimed

                """)
        more.images = 0
        #expect(
            try Sweep.Shown(report: more, isDryRun: false).text(as: .table)
                .hasSuffix("\nforgotten: 5 blobs that their repositories need no more\n"))
    }

    @Test("what wharf has made itself is told apart, and what is no face of anything any more is told")
    func derived() throws {
        var report = report
        report.derived = SweepTally(count: 3, bytes: 1898)
        report.faces = 2
        let text = try Sweep.Shown(report: report, isDryRun: false).text(as: .table)
        #expect(text.contains("\nderived by wharf, among the blobs: 3, 1898 bytes\n"))
        #expect(text.hasSuffix("\nforgotten: 2 derived manifests and images whose origin is gone\n"))
    }

    @Test("JSON has the same")
    func json() throws {
        let text = try Sweep.Shown(report: report, isDryRun: true).text(as: .json)
        #expect(
            text.split(separator: "\n").map { $0.filter { $0 != " " } }.joined() == """
                {"derived":{"bytes":0,"count":0},"faces":0,"images":0,"is_dry_run":true,"links":0,"live":{"bytes":6000,"count":20},"removed":{"bytes":50,"count":2},\
                "strays":{"bytes":11,"count":4},"uploads":{"bytes":7,"count":1},"waiting":{"bytes":100,"count":3}}
                """)
    }

    /// A catalog, and two files that no row of it names: one from two days ago and one from now.
    private func prepare(_ data: DataDirectory) throws -> (old: String, new: String) {
        try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "hunter2\n")
        let files = ["a", "b"].map { letter in
            let hex = String(repeating: letter, count: 64)
            return "\(data.path)/objects/blobs/sha256/\(hex.prefix(2))/\(hex)"
        }
        for file in files {
            try FileManager.default.createDirectory(
                at: URL(filePath: file).deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("bytes".utf8).write(to: URL(filePath: file))
        }
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -2 * 86_400)], ofItemAtPath: files[0])
        return (files[0], files[1])
    }

    private func stray(_ output: String) -> [Substring] { output.split(separator: "\n").filter { $0.hasPrefix("stray files ") } }

    @Test("--dry-run changes nothing; without it, what is over goes, and the audit log says so")
    func strays() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let (old, new) = try prepare(data)
            let dry = try data.run("sweep", "--dry-run")
            #expect(dry.code == 0)
            #expect(stray(dry.output) == ["stray files that would be removed         1       5"])
            #expect(FileManager.default.fileExists(atPath: old))

            let outcome = try data.run("sweep")
            #expect(outcome.complaint == "")
            #expect(stray(outcome.output) == ["stray files removed             1       5"])
            #expect(!FileManager.default.fileExists(atPath: old))
            #expect(FileManager.default.fileExists(atPath: new))
            #expect(stray(try data.run("sweep").output) == ["stray files removed             0       0"])
            #expect(
                try data.audited() == [
                    "user.add alice done", "registry.sweep \(data.path) done", "registry.sweep \(data.path) done",
                ])
        }
    }

    @Test("the time of grace is the configured one")
    func grace() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let (old, _) = try prepare(data)
            #expect(stray(try data.run("sweep", "--sweep-grace", "3d").output) == ["stray files removed             0       0"])
            #expect(FileManager.default.fileExists(atPath: old))
        }
    }

    @Test("a registry that is read-only is not swept, and may be asked")
    func readOnly() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let (old, _) = try prepare(data)
            #expect(
                try data.run("sweep", "--read-only", "true")
                    == .failed("the registry is read-only, so nothing is removed: take `read_only: true` out, or ask with --dry-run"))
            #expect(try data.run("sweep", "--dry-run", "--read-only", "true").code == 0)
            #expect(FileManager.default.fileExists(atPath: old))
        }
    }
}

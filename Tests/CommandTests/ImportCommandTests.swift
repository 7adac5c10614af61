import Foundation
import Testing

@testable import wharf

@Suite("wharf import and wharf config import")
struct ImportCommandTests {
    @Test("what becomes of another registry's settings is a configuration that is taken")
    func settings() throws {
        let old = """
            version: 0.1
            storage: {filesystem: {rootdirectory: /var/lib/registry}, maintenance: {uploadpurging: {age: 48h}}}
            auth: {htpasswd: {realm: x, path: /etc/passwords}}
            http: {addr: ":5001", host: "https://r.example.com", draintimeout: 1m, tls: {certificate: /c, key: /k, minimumtls: tls1.2}}
            """
        try withFile(old.utf8) { (path: String) throws in
            let outcome = try Program.run(["config", "import", path])
            #expect((outcome.code, outcome.complaint) == (0, ""))
            #expect(problems(file: outcome.output) == [])
            #expect(
                changes(file: outcome.output).map { $0.prefix { $0 != "(" } } == [
                    "listen=0.0.0.0:5001 ", "auth=password_file ", "password_file=/etc/passwords ", "external_url=https://r.example.com ",
                    "deletion.tags=false ", "deletion.manifests=false ", "deletion.blobs=false ", "deletion.repositories=false ",
                    "tls.certificate=/c ", "tls.key=/k ", "tls.minimum_version=1.2 ", "sweep.upload_life=2d ", "timeouts.shutdown=1m ",
                ])
        }
        try withFile("dev: {standalone: false, index_endpoint: \"https://index.example.com/v1/\"}".utf8) { (path: String) throws in
            let outcome = try Program.run(["config", "import", path, "--from", "docker-registry"])
            #expect(outcome.code == 0)
            #expect(problems(file: outcome.output) == [])
        }
    }

    @Test("what cannot be read is a wrong call, and is named")
    func refused() throws {
        try withFile("- a".utf8) { (path: String) throws in
            #expect(
                try Program.run(["config", "import", path])
                    == Program.Outcome(code: 2, output: "", complaint: "Error: \(path): it is no mapping of settings to values\n"))
            #expect(try Program.run(["config", "import", path, "--from", "harbor"]).code == 2)
        }
        let missing = try Program.run(["config", "import", "/nowhere"])
        #expect(missing.code == 2)
        #expect(missing.complaint.hasPrefix("Error: /nowhere: it cannot be read: "))
        for kind in ["docker-registry", "distribution"] {
            let outcome = try Program.run(["import", kind, "/nowhere"])
            #expect(outcome == Program.Outcome(code: 2, output: "", complaint: "Error: the folder /nowhere is missing\n"))
        }
    }

    private var report: ImportReport {
        var report = ImportReport(of: .manifests, isDryRun: true)
        var app = RepositoryImport(name: "team/app")
        (app.tags, app.contents) = (ImportTally(added: 2, present: 1), ImportTally(added: 3, present: 4, leftOut: 1))
        app.bytes = 1234
        app.problems = [ImportProblem(item: "tag 1.0", reason: .tagKept, detail: "it names something else here")]
        var old = RepositoryImport(name: "old\u{1b}[31m")
        old.isPrivate = true
        report.repositories = [app, old]
        report.problems = [ImportProblem(item: "repository Upper", reason: .invalidName, detail: "no name")]
        report.notes = ["a note"]
        return report
    }

    @Test("the report is a table, what was left out with its reason, and a line that sums it up")
    func table() {
        #expect(
            report.text == """
                REPOSITORY               TAGS  MANIFESTS  BYTES  HERE BEFORE  LEFT OUT
                team/app                 2     3          1234   5            1
                old\\u001b[31m (private)  0     0          0      0            0

                LEFT OUT  WHAT              WHY
                          repository Upper  no name
                team/app  tag 1.0           it names something else here

                a note
                would come: 2 tags and 3 manifests in 2 repositories, 1234 bytes; here before: 5; left out: 2

                """)
        #expect(!report.isComplete)
        #expect(
            ImportReport(of: .images, isDryRun: false).text
                == "came: 0 tags and 0 images in 0 repositories, 0 bytes; here before: 0; left out: 0\n")
    }
}

import Foundation
import Testing

@testable import wharf

@Suite("Commands on the data folder")
struct DataFolderTests {
    @Test("a folder without a catalog is refused, and left as it is")
    func noCatalog() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let complaint = Program.Outcome.failed(
                "there is no catalog in \(data.path): name the data folder with --data, or the server's file with --config (`wharf serve` and "
                    + "`wharf user add` make a new one)")
            #expect(try data.run("user", "list") == complaint)
            #expect(try data.run("org", "create", "team_1") == complaint)
            #expect(!FileManager.default.fileExists(atPath: data.path))
        }
    }

    @Test("a catalog that is none is refused")
    func badCatalog() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try FileManager.default.createDirectory(atPath: data.path, withIntermediateDirectories: true)
            try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: "\(data.path)/catalog.sqlite"))
            let outcome = try data.run("user", "list")
            #expect(outcome.code == 1)
            #expect(outcome.complaint.hasPrefix("Error: the data folder \(data.path) cannot be used: "))
        }
    }

    @Test("the folder is named by flag, variable or file, wherever the flag stands")
    func places() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let list = Program.Outcome.done("NAME\nteam_1")
            try data.prepare("user", "add", "alice", "--email", "a@b.cd", "--password-stdin", input: "hunter2\n")
            #expect(try Program.run(["org", "create", "--data", data.path, "team_1"]) == .done("team_1 is an organization"))
            #expect(try Program.run(["--data", data.path, "org", "list"]) == list)
            #expect(try Program.run(["org", "list", "--data=\(data.path)"]) == list)
            #expect(try Program.run(["org", "list"], environment: ["WHARF_DATA": data.path]) == list)
            try withFile("data: \(data.path)\nauth: accounts".utf8) { (file: String) throws in
                #expect(try Program.run(["org", "list", "--config", file]) == list)
                #expect(try Program.run(["org", "list"], environment: ["WHARF_CONFIG": file]) == list)
            }
        }
    }

    @Test("settings of a server that do not go together do not matter to a command")
    func serverSettings() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "a@b.cd", "--password-stdin", input: "hunter2\n")
            #expect(try data.run("org", "list", "--listen", "0.0.0.0:1", "--tls-key", "/k", "--role", "index").code == 0)
        }
    }

    @Test("nothing is changed when the audit log cannot be written, and nothing is written when it is off")
    func auditLog() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "a@b.cd", "--password-stdin", "--audit-log", "off", input: "hunter2\n")
            #expect(!FileManager.default.fileExists(atPath: "\(data.path)/audit.log"))
            #expect(
                try data.run("org", "create", "team_1", "--audit-log", "/nonexistent/audit.log")
                    == .failed("the audit log /nonexistent/audit.log cannot be written: No such file or directory"))
            #expect(try data.run("org", "list") == .done("NAME"))
            let outcome = try data.run("org", "create", "team_1", "--audit-log", "-")
            #expect(outcome.output == "team_1 is an organization\n")
            #expect(outcome.complaint.contains(#""action":"organization.create","target":"team_1","from":"-","outcome":"done""#))
            #expect(outcome.complaint.contains("\"who\":\"cli:\(UnixUser.name)\""))
        }
    }

    @Test("wrong usage ends with 2, and says how it is written")
    func usage() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            func complaint(_ arguments: String...) throws -> String {
                let outcome = try Program.run(arguments + ["--data", data.path])
                #expect(outcome.code == 2)
                #expect(outcome.output == "")
                return String(outcome.complaint.split(separator: "\n").first ?? "")
            }
            let name =
                "a name has 4 to 30 small letters, digits and underscores, and is none of the words that addresses use, such as library or users"
            for bad in ["bob", "Alice", "users", "a-b-c"] {
                #expect(
                    try complaint("user", "add", bad, "--email", "a@b.cd") == "Error: The value '\(bad)' is invalid for '<name>': \(name)")
            }
            #expect(
                try complaint("user", "add", "alice", "--email", "nobody")
                    == "Error: The value 'nobody' is invalid for '--email <address>': an e-mail address is written as alice@example.com")
            #expect(try complaint("user", "add", "alice") == "Error: Missing expected argument '--email <address>'")
            #expect(
                try complaint("repo", "show", "Team/app")
                    == "Error: The value 'Team/app' is invalid for '<name>': a repository's name has small letters, digits, `_`, `-` and `.`, "
                    + "and slashes between its parts, as in team/app; at most 255 bytes")
            #expect(
                try complaint("key", "create", "alice", "--name", "a b")
                    == "Error: The value 'a b' is invalid for '--name <name>': a key's name has 1 to 64 letters, digits, `_`, `-` and `.`")
            #expect(
                try complaint("key", "create", "alice", "--name", "ci", "--repository", "T*")
                    == "Error: The value 'T*' is invalid for '--repository <pattern>': it is a repository's name in small letters, in which * "
                    + "stands for any run of characters: team/app, 'team/*'")
            for bad in ["30", "1s", "-1d", "4000d", "never"] {
                #expect(
                    try complaint("key", "create", "alice", "--name", "ci", "--expires=\(bad)")
                        == "Error: The value '\(bad)' is invalid for '--expires <time>': it is a time from 1m to 3650d, as in 12h or 30d")
            }
            #expect(
                try complaint("member", "add", "team_1", "alice", "--access", "own")
                    == "Error: The value 'own' is invalid for '--access <access>': it is read, write or admin")
            #expect(
                try complaint("repo", "list", "--namespace", "a/b")
                    == "Error: The value 'a/b' is invalid for '--namespace <namespace>': a namespace has small letters, digits, `_`, `-` and `.`"
            )
            #expect(try complaint("user", "list", "--dta", "/x") == "Error: unknown flag `--dta`; did you mean --data?")
            #expect(
                try complaint("user", "list", "bobby") == "Error: unexpected argument `bobby`: settings are given as --name value")
            #expect(!FileManager.default.fileExists(atPath: data.path))
        }
    }

    @Test("flags of settings go last, with their values, and nothing else moves")
    func flags() {
        func last(_ text: String) -> String {
            SettingFlags.last(text.split(separator: " ").map(String.init)).joined(separator: " ")
        }
        #expect(last("user add --data /d alice --email a@b.cd") == "user add alice --email a@b.cd --data=/d")
        #expect(last("--data=/d user list") == "user list --data=/d")
        #expect(last("user list --data --config /c") == "user list --data --config=/c")
        #expect(last("user add --dta /d alice") == "user add --dta /d alice")
        #expect(last("repo describe a/b -- --data x") == "repo describe a/b -- --data x")
        #expect(last("repo describe --data /d a/b -- --config") == "repo describe a/b --data=/d -- --config")
    }

    @Test("keys of a terminal make a line")
    func typing() {
        func typed(_ text: String) -> [TypedLine.End] {
            var line = TypedLine()
            return text.utf8.compactMap { line.take($0) }
        }
        #expect(typed("hunter2\r") == [.line("hunter2")])
        #expect(typed("hu\u{7f}\u{8}\u{7f}äß\u{7f}b\n") == [.line("äb")])
        #expect(typed("wrong\u{15}right\n") == [.line("right")])
        #expect(typed("secret\u{3}") == [.interrupted])
        #expect(typed("\u{4}") == [.abandoned])
        #expect(typed("ab\u{4}c\n") == [.line("abc")])
        #expect(typed("abc") == [])
        var broken = TypedLine()
        #expect(broken.take(0xff) == nil)
        #expect(broken.take(0x0a) == .abandoned)
    }
}

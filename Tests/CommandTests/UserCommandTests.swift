import Foundation
import Testing

@testable import wharf

@Suite("wharf user and wharf key")
struct UserCommandTests {
    @Test("the first account is made before there is anything, and others are listed beside it")
    func addAndList() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            #expect(
                try data.run("user", "add", "alice", "--email", "alice@example.com", "--admin", "--password-stdin", input: "hunter2\n")
                    == .done("alice has an account and administers the registry"))
            #expect(
                try data.run("user", "add", "robot_1", "--email", "robot@example.com", "--password-stdin", input: "12345")
                    == .done("robot_1 has an account"))
            #expect(
                try data.run("user", "list").timeless == """
                    NAME     STATE   ADMINISTRATOR  E-MAIL             SINCE
                    alice    active  yes            alice@example.com  TIME
                    robot_1  active  no             robot@example.com  TIME

                    """)
            #expect(
                try data.run("user", "list", "--format", "json").timeless == """
                    [
                      {
                        "created_at" : "TIME",
                        "emails" : [
                          "alice@example.com"
                        ],
                        "is_administrator" : true,
                        "name" : "alice",
                        "state" : "active"
                      },
                      {
                        "created_at" : "TIME",
                        "emails" : [
                          "robot@example.com"
                        ],
                        "is_administrator" : false,
                        "name" : "robot_1",
                        "state" : "active"
                      }
                    ]

                    """)
            #expect(try data.audited() == ["user.add alice done administrator", "user.add robot_1 done"])
        }
    }

    @Test("a name or an address is somebody's once")
    func taken() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "hunter2\n")
            try data.prepare("org", "create", "team_1")
            for (name, email) in [("alice", "a@example.com"), ("alice2", "ALICE@example.com"), ("team_1", "t@example.com")] {
                #expect(
                    try data.run("user", "add", name, "--email", email, "--password-stdin", input: "hunter2\n")
                        == .failed("the name \(name) or the address \(email) is somebody's already"))
            }
            #expect(try data.run("org", "create", "alice") == .failed("there is a user or an organization alice already"))
            #expect(try data.audited() == ["user.add alice done", "organization.create team_1 done"])
        }
    }

    @Test("accounts are disabled and enabled, and made administrators")
    func states() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "hunter2\n")
            func row() throws -> String { String(try data.run("user", "list").output.split(separator: "\n")[1].prefix(30)) }
            #expect(try data.run("user", "disable", "alice") == .done("alice is disabled"))
            #expect(try row().hasPrefix("alice  disabled  no "))
            #expect(try data.run("user", "enable", "alice") == .done("alice is active"))
            #expect(try data.run("user", "admin", "alice", "on") == .done("alice administers the registry"))
            #expect(try row().hasPrefix("alice  active  yes "))
            #expect(try data.run("user", "admin", "alice", "off") == .done("alice does not administer the registry"))
            #expect(try row().hasPrefix("alice  active  no "))
            for command in [["disable"], ["enable"], ["passwd", "--password-stdin"]] {
                #expect(
                    try Program.run(["user", command[0], "nobody1", "--data", data.path] + command.dropFirst(), input: "hunter2\n")
                        == .failed("there is no user nobody1"))
            }
            #expect(try data.run("user", "admin", "nobody1", "on") == .failed("there is no user nobody1"))
            #expect(
                try data.audited() == [
                    "user.add alice done", "user.disable alice done", "user.enable alice done", "user.admin alice done on",
                    "user.admin alice done off",
                ])
        }
    }

    @Test("a password is one line of 5 to 1024 characters, and nowhere to be read afterwards")
    func passwords() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "old-secret\n")
            let rule = Program.Outcome.failed("a password has 5 to 1024 characters")
            for bad in [
                "", "\n", "1234\n", "äöüß\n12345\n", String(repeating: "x", count: 1025), String(repeating: "x", count: 9000), "a\0bcdef",
            ] {
                #expect(try data.run("user", "passwd", "alice", "--password-stdin", input: bad) == rule)
            }
            for good in ["12345\r\n", "äöüßé", String(repeating: "x", count: 1024) + "\n", "new-secret\nnext line\n"] {
                #expect(try data.run("user", "passwd", "alice", "--password-stdin", input: good) == .done("alice has a new password"))
            }
            let files = try FileManager.default.subpathsOfDirectory(atPath: data.path)
            for file in files {
                guard let bytes = FileManager.default.contents(atPath: "\(data.path)/\(file)") else { continue }
                for password in ["old-secret", "new-secret"] { #expect(bytes.range(of: Data(password.utf8)) == nil) }
            }
        }
    }

    @Test("without a terminal and without --password-stdin, there is a hint", .enabled(if: Launcher.hasSetsid))
    func noTerminal() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let outcome = try Program.run(
                ["user", "add", "alice", "--email", "a@example.com", "--data", data.path], launcher: Launcher.withoutTerminal)
            #expect(
                outcome
                    == Program.Outcome(
                        code: 2, output: "",
                        complaint: "Error: there is no terminal to ask for the password: give it on standard input, with --password-stdin\n"
                    ))
            try data.prepare("user", "add", "alice", "--email", "a@example.com", "--password-stdin", input: "hunter2\n")
            try data.prepare("repo", "visibility", "alice/app", "public")
            #expect(
                try Program.run(["repo", "delete", "alice/app", "--data", data.path], launcher: Launcher.withoutTerminal)
                    == Program.Outcome(
                        code: 2, output: "", complaint: "Error: there is no terminal to ask whether it is meant: write --yes\n"))
        }
    }

    @Test("an invitation's code is alone on standard output")
    func invitation() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "hunter2\n")
            let outcome = try data.run("user", "invite", "eve@example.com", "--expires", "12h")
            #expect(outcome.code == 0)
            #expect(outcome.output.wholeMatch(of: #/[A-Za-z0-9_-]{24}\n/#) != nil)
            #expect(
                outcome.complaint.replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "TIME")
                    == "eve@example.com may register until TIME with this code, which is shown this once:\n")
            #expect(try data.audited() == ["user.add alice done", "user.invite eve@example.com done"])
            #expect(try data.run("user", "invite", "eve@example.com").output != outcome.output)
        }
    }

    @Test("a key is alone on standard output, once; it is listed without what is secret, and revoked")
    func keys() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "hunter2\n")
            let outcome = try data.run(
                "key", "create", "alice", "--name", "ci", "--access", "write", "--repository", "team/*", "--repository", "tools",
                "--expires", "30d")
            #expect(outcome.code == 0)
            #expect(outcome.output.wholeMatch(of: #/wharf_[a-z2-7]{68}\n/#) != nil)
            #expect(
                outcome.complaint.replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "TIME")
                    == "whoever has this key, which is shown this once, may pull and push in team/* library/tools for alice until TIME:\n")
            let other = try data.run("key", "create", "alice", "--name", "Other.key")
            #expect(other.complaint == "whoever has this key, which is shown this once, may pull for alice:\n")
            #expect(
                try data.run("key", "create", "alice", "--name", "ci")
                    == .failed("alice has a key ci already: revoke it first, or take another name"))
            #expect(try data.run("key", "create", "nobody1", "--name", "ci") == .failed("there is no user nobody1"))
            #expect(
                try data.run("key", "list", "alice").timeless == """
                    NAME       ACCESS  REPOSITORIES          CREATED               EXPIRES
                    Other.key  read    all                   TIME  never
                    ci         write   library/tools team/*  TIME  TIME

                    """)
            let json = try data.run("key", "list", "alice", "--format", "json")
            let parsed = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
            let names = ["access", "created_at", "expires_at", "is_expired", "name", "repositories"]
            #expect(parsed.map { $0.keys.sorted() } == [names, names])
            #expect(parsed.map { $0["expires_at"] is NSNull } == [true, false])
            #expect(parsed.map { $0["is_expired"] as? Bool } == [false, false])
            #expect(parsed.map { $0["repositories"] as? [String] } == [[], ["library/tools", "team/*"]])

            #expect(try data.run("key", "revoke", "alice", "ci") == .done("the key ci of alice is revoked"))
            #expect(try data.run("key", "revoke", "alice", "ci") == .failed("alice has no key ci"))
            #expect(try data.run("key", "list", "alice").output.contains("ci ") == false)
            #expect(
                try data.audited() == [
                    "user.add alice done", "key.create alice/ci done write team/* library/tools", "key.create alice/Other.key done read",
                    "key.revoke alice/ci done",
                ])
        }
    }
}

/// Programs that start another in a certain way.
enum Launcher {
    /// In a session of its own, which has no terminal.
    static let withoutTerminal = ["/usr/bin/setsid", "--wait"]
    static var hasSetsid: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/setsid") }
}

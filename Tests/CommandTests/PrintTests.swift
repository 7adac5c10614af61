import Foundation
import Testing

@testable import wharf

@Suite("Showing the configuration")
struct PrintTests {
    private let secret = Setting<String>("server.key", .path("KEY"), isSecret: true, meaning: "A secret of the test.")
    private var definitions: [SettingDefinition] {
        [Settings.listen.definition, Settings.config.definition, Settings.Accounts.authentication.definition, secret.definition]
    }

    private func shown(_ format: PrintedSettings.Format, flags: [String] = [], environment: [String: String] = [:]) throws -> String {
        let resolution = try Resolution.load(arguments: flags, environment: environment, definitions: definitions)
        return try PrintedSettings.text(resolution, as: format)
    }

    @Test("a table shows each setting, its value, and where it came from")
    func table() throws {
        #expect(
            try shown(.table, flags: ["--listen", "[::1]:80"], environment: ["WHARF_SERVER_KEY": "hunter2"]) == """
                SETTING     VALUE     FROM
                listen      [::1]:80  flag --listen
                config      -         default
                auth        -         default
                server.key  (secret)  environment WHARF_SERVER_KEY
                groups      -         default
                rules       -         default

                """)
    }

    @Test("YAML shows the same, secrets as a comment")
    func yaml() throws {
        #expect(
            try shown(.yaml, flags: ["--listen", "[::1]:80", "--server-key=hunter2", "--auth", "none"]) == """
                listen: "[::1]:80"  # flag --listen
                # config: (not set)  # default
                auth: none  # flag --auth
                server:
                  # key: "(secret)"  # flag --server-key
                # groups: (not set)  # default
                # rules: (not set)  # default

                """)
    }

    @Test("JSON shows the same")
    func json() throws {
        let text = try shown(.json, environment: ["WHARF_SERVER_KEY": "hunter2", "WHARF_AUTH": "none"])
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: String]]
        #expect(
            parsed == [
                ["setting": "listen", "value": "127.0.0.1:5000", "from": "default"], ["setting": "config", "from": "default"],
                ["setting": "auth", "value": "none", "from": "environment WHARF_AUTH"],
                ["setting": "server.key", "value": "(secret)", "from": "environment WHARF_SERVER_KEY"],
                ["setting": "groups", "from": "default"], ["setting": "rules", "from": "default"],
            ])
    }

    private let file = """
        groups: {builders: [alice, "null"]}
        rules:
          - repositories: ["team/*", tools]
            who: ["@builders", users]
            actions: [pull, push]
        """

    @Test("groups and rules are counted in a table, and whole elsewhere")
    func rules() throws {
        try withFile(file.utf8) { path in
            let resolution = try Resolution.load(arguments: ["--config", path], environment: [:])
            func text(_ format: PrintedSettings.Format) throws -> String {
                try PrintedSettings.text(resolution, as: format).replacing(path, with: "FILE")
            }
            let table = try text(.table).split(separator: "\n").suffix(2)
            #expect(
                table.map { $0.split(separator: " ").joined(separator: " ") } == ["groups 1 group FILE line 1", "rules 1 rule FILE line 2"])
            #expect(
                try text(.yaml).hasSuffix(
                    """
                    groups:  # FILE line 1
                      builders: [alice, "null"]
                    rules:  # FILE line 2
                      - repositories: ["team/*", library/tools]
                        who: ["@builders", users]
                        actions: [pull, push]

                    """))
            let json = try JSONSerialization.jsonObject(with: Data(text(.json).utf8)) as? [[String: Any]]
            let entries = try #require(json).suffix(2)
            #expect(entries.first?["value"] as? [String: [String]] == ["builders": ["alice", "null"]])
            #expect(
                entries.last?["value"] as? [[String: [String]]] == [
                    ["repositories": ["team/*", "library/tools"], "who": ["@builders", "users"], "actions": ["pull", "push"]]
                ])
            #expect(entries.last?["from"] as? String == "FILE line 2")
        }
    }

    @Test("a secret stands in no message either, not even when it is not accepted")
    func secretInMessage() throws {
        let kind = ValueKind<Int>.count(1...2)
        let number = Setting<Int>("pin", kind, isSecret: true, meaning: "A secret of the test.")
        #expect(
            problems(flags: ["--pin", "4711"], definitions: Settings.definitions + [number.definition])
                == ["pin (flag --pin) cannot be what it is set to; accepted is a number from 1 to 2"])
    }

    @Test("the YAML that is shown, given as a file, says the same")
    func roundTrip() throws {
        let path = "/srv/\"quoted\\ \n\u{85}\u{202e}: # 'x'"
        let flags = [
            "--data", path, "--limits-layer-size", "0", "--timeouts-idle", "90s", "--auth", "none", "--external-url", "http://a:1",
            "--audit-log", "-", "--allow-from", "10.0.0.0/8, ::1", "--mirror", "true", "--mail-user", "null",
        ]
        let first = try withFile(file.utf8) { try Resolution.load(arguments: flags + ["--config", $0], environment: [:]) }
        let yaml = try PrintedSettings.text(first, as: .yaml)
        try withFile(yaml.utf8) { file in
            let second = try Resolution.load(arguments: ["--config", file], environment: [:])
            #expect(second.rules.groups == first.rules.groups)
            #expect(second.rules.resolved == first.rules.resolved)
            #expect(second.rules.rules.count == 1)
            let values = { (resolution: Resolution) in
                resolution.settings.filter { $0.definition.isAllowedInFile }.map(\.value)
            }
            #expect(values(second) == values(first))
            #expect(second.value(of: Settings.data) == path)
        }
    }
}

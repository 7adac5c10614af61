import Foundation
import Testing

@testable import wharf

@Suite("Showing the configuration")
struct PrintTests {
    private let secret = Setting<String>("server.key", .path("KEY"), isSecret: true, meaning: "A secret of the test.")
    private var definitions: [SettingDefinition] {
        [Settings.listen.definition, Settings.config.definition, Settings.authentication.definition, secret.definition]
    }

    private func shown(_ format: PrintedSettings.Format, flags: [String] = [], environment: [String: String] = [:]) throws -> String {
        let resolution = try Resolution.load(arguments: flags, environment: environment, definitions: definitions)
        return try PrintedSettings.text(resolution.settings, as: format)
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
            ])
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
        ]
        let first = try Resolution.load(arguments: flags, environment: [:])
        let yaml = try PrintedSettings.text(first.settings, as: .yaml)
        try withFile(yaml.utf8) { file in
            let second = try Resolution.load(arguments: ["--config", file], environment: [:])
            let values = { (resolution: Resolution) in
                resolution.settings.filter { $0.definition.isAllowedInFile }.map(\.value)
            }
            #expect(values(second) == values(first))
            #expect(second.value(of: Settings.data) == path)
        }
    }
}

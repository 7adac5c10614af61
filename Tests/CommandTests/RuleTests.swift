import Foundation
import ImageModel
import ImageRegistry
import Testing

@testable import wharf

@Suite("Rules and groups of the file")
struct RuleTests {
    /// What rules grant, as `patterns | who | access`.
    private func granted(_ configuration: Configuration) -> [String] {
        configuration.rules.map { rule in
            let who = rule.who.map { "\($0)" }.sorted().joined(separator: " ")
            return "\(rule.repositories.map { "\($0)" }.joined(separator: " ")) | \(who) | \(rule.access)"
        }
    }

    private func rules(_ file: String) throws -> [String] {
        try withFile(file.utf8) { path in
            try granted(
                Configuration(
                    Resolution.load(arguments: ["--config", path, "--auth", "password_file", "--password-file", "/p"], environment: [:]))
            )
        }
    }

    @Test("each rule grants its highest action to everybody whom it names, with groups resolved")
    func resolved() throws {
        let file = """
            groups:
              builders: [ci, alice]
              empty-handed: ["bob@example.com"]
            rules:
              - repositories: ["team/*", "tools"]
                who: ["alice", "@builders", "@empty-handed", "users", "anonymous"]
                actions: [pull, push]
              - repositories: ["*"]
                who: [carol]
                actions: [delete]
              - {actions: [pull], who: [dave], repositories: [a/b]}
            """
        #expect(
            try rules(file) == [
                #"team/* library/tools | anonymous named("alice") named("bob@example.com") named("ci") users | write"#,
                #"* | named("carol") | admin"#, #"a/b | named("dave") | read"#,
            ])
    }

    @Test("no rules are none, and groups alone are fine")
    func none() throws {
        for file in ["", "groups:", "groups: {}", "groups: {a: [b]}"] { #expect(try rules(file) == []) }
    }

    private static let repositories =
        "accepted is a repository's name in small letters, in which * stands for any run of characters: team/app, team/*, *"
    private static let who =
        "accepted is users (everybody who is logged in), anonymous (everybody), @ and the name of a group, or a caller's name"

    @Test("everything that is wrong is told at once, each with its line")
    func flaws() {
        let file = """
            groups:
              builders: [alice]
              bad name: [alice]
              none: []
              word: alice
              nested: ["@builders", [x], null]
            lisen: a
            rules:
              - repositories: ["Team/*", "a b", "ok"]
                who:
                  - "@builder"
                  - "a,b"
                  - "@"
                actions: [pull, fly]
              - repos: ["*"]
                who: users
                actions: []
              - x
              - repositories: ["*"]
                who: ["@zzzzzzzz"]
                actions: {pull: yes}
            """
        #expect(
            problems(file: file) == [
                "unknown key `lisen` (FILE line 7); did you mean listen?",
                "groups (FILE line 3): the name of a group cannot be `bad name`; accepted is 1 to 64 letters, digits, `_`, `-` and `.`",
                "groups (FILE line 4): `none` has no element; take it out, or name one",
                "groups (FILE line 5): `word` has to be a list, as in `[one, two]`",
                "groups (FILE line 6): `nested` cannot be `@builders`; accepted is a name of 1 to 255 letters, digits, `.`, `_`, `@` "
                    + "and `-`, without @ at its beginning",
                "groups (FILE line 6): an element of `nested` is no text", "groups (FILE line 6): an element of `nested` is no text",
                "rules (FILE line 9): `repositories` cannot be `Team/*`; \(Self.repositories)",
                "rules (FILE line 9): `repositories` cannot be `a b`; \(Self.repositories)",
                "rules (FILE line 12): `who` cannot be `a,b`; \(Self.who)", "rules (FILE line 13): `who` cannot be `@`; \(Self.who)",
                "rules (FILE line 11): there is no group `builder`; did you mean @builders?",
                "rules (FILE line 14): `actions` cannot be `fly`; accepted is pull, push, delete",
                "rules (FILE line 15): unknown key `repos`; a rule has repositories, who and actions",
                "rules (FILE line 15): a rule without `repositories`; it has repositories, who and actions",
                "rules (FILE line 18): it has to be a list of rules, each with `repositories`, `who` and `actions`",
                "rules (FILE line 20): there is no group `zzzzzzzz`; `groups` has to have it",
                "rules (FILE line 21): `actions` has to be a list, as in `[one, two]`",
            ])
    }

    @Test(
        "sections of another shape are refused",
        arguments: [
            ("rules:", "rules (FILE line 1): it has to be a list of rules, each with `repositories`, `who` and `actions`"),
            ("rules: {}", "rules (FILE line 1): it has to be a list of rules, each with `repositories`, `who` and `actions`"),
            ("rules: []", "rules (FILE line 1): `rules` has no element; take it out, or name one"),
            ("groups: []", "groups (FILE line 1): it has to be a mapping of names to lists, as in `builders: [alice, robot]`"),
            ("groups: a", "groups (FILE line 1): it has to be a mapping of names to lists, as in `builders: [alice, robot]`"),
            ("groups: {a: [b], a: [c]}", "configuration file `FILE`: it is not YAML: line 1: a is there twice"),
            ("groups: {a: [b]}\ngroups: {c: [d]}", "configuration file `FILE`: it is not YAML: line 1: groups is there twice"),
            ("groups: {a: [b], \"a\": [c]}", "configuration file `FILE`: it is not YAML: line 1: a is there twice"),
            ("rules:\n- {who: [a], 'who': [b]}", "configuration file `FILE`: it is not YAML: line 2: who is there twice"),
            ("rules: &x\n- *x", "configuration file `FILE`: anchors and aliases (`&name`, `*name`) are not accepted"),
            ("rules:\n- ? [a]\n  : b", "configuration file `FILE`: line 2: a key has to be a name"),
            ("role:\n  rules: []", "unknown key `role.rules` (FILE line 2); did you mean rules?"),
            ("rule: []", "unknown key `rule` (FILE line 1); did you mean rules?"),
        ])
    func shapes(file: String, complaint: String) {
        #expect(problems(file: file).first == complaint)
    }

    @Test("neither a flag nor a variable sets rules")
    func elsewhere() {
        #expect(problems(flags: ["--rules", "x"]).first?.hasPrefix("unknown flag `--rules`") == true)
        #expect(problems(environment: ["WHARF_GROUPS": "x"]).first?.hasPrefix("unknown environment variable `WHARF_GROUPS`") == true)
    }

    private func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

    @Test("a reload gives the rules of the file as it is now, and names the settings that wait for a restart")
    func reload() throws {
        let rule = { (name: String) in "rules:\n- {repositories: ['*'], who: [\(name)], actions: [pull]}\n" }
        try withFile("auth: accounts\n\(rule("alice"))limits: {ancestry: 7}".utf8) { path in
            let configuration = try Configuration(
                Resolution.load(arguments: ["--config", path, "--log-level", "debug"], environment: ["WHARF_DATA": "/d"]))
            #expect(granted(configuration) == [#"* | named("alice") | read"#])
            #expect(try configuration.reloaded().waiting == [])

            try write("auth: accounts\n\(rule("robot"))limits: {ancestry: 8}\nlog: {level: error}", to: path)
            let reloaded = try configuration.reloaded()
            #expect(reloaded.rules.map(\.who) == [[.named("robot")]])
            #expect(reloaded.waiting.map { "\($0)" } == ["limits.ancestry"])

            try write("auth: accounts", to: path)
            #expect(try configuration.reloaded().rules == [])
        }
    }

    @Test("a reload gives what nobody may change, which waits for no restart")
    func reloadedProtection() throws {
        try withFile("read_only: true\nimmutable_tags: ['team/*:v*']\ndeletion: {tags: true}".utf8) { path in
            let configuration = try Configuration(Resolution.load(arguments: ["--config", path], environment: [:]))
            #expect(configuration.protection.isReadOnly)
            #expect(configuration.protection.immutableTags.map { "\($0)" } == ["team/*:v*"])
            #expect(try configuration.reloaded().protection == configuration.protection)

            try write("read_only: false\nimmutable_tags: ['*:release-*', 'tools:v1']\ndeletion: {tags: false}", to: path)
            let reloaded = try configuration.reloaded()
            #expect(!reloaded.protection.isReadOnly)
            #expect(reloaded.protection.immutableTags.map { "\($0)" } == ["*:release-*", "library/tools:v1"])
            #expect(reloaded.waiting.map { "\($0)" } == ["deletion.tags"])
        }
    }

    private func reloadComplaints(_ configuration: Configuration, _ path: String) -> [String] {
        do {
            _ = try configuration.reloaded()
            return []
        } catch {
            return error.problems.map { "\($0)".replacing(path, with: "FILE") }
        }
    }

    @Test("a reload that fails says why")
    func failedReload() throws {
        try withFile("auth: password_file\npassword_file: /p\nrules:\n- {repositories: ['*'], who: [a], actions: [pull]}\n".utf8) { path in
            let configuration = try Configuration(Resolution.load(arguments: ["--config", path], environment: [:]))
            try write("auth: password_file\npassword_file: /p\nrules:\n- {}", to: path)
            #expect(reloadComplaints(configuration, path).count == 3)
            try write("auth: password_file\nrules: [", to: path)
            #expect(reloadComplaints(configuration, path).first?.hasPrefix("configuration file `FILE`: it is not YAML: line ") == true)
            try write("auth: password_file\npassword_file: /p\n", to: path)
            #expect(
                reloadComplaints(configuration, path) == [
                    "`rules` are gone, and without any, everybody whom the password file lists may do everything: if that is meant, restart "
                        + "the server"
                ])
            try FileManager.default.removeItem(atPath: path)
            #expect(
                reloadComplaints(configuration, path) == ["configuration file `FILE`: it cannot be read: No such file or directory"])
        }
    }
}

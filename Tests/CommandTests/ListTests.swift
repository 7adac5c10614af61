import Mail
import Testing

@testable import wharf

@Suite("Lists and addresses among settings")
struct ListTests {
    @Test("a list has commas between its elements, and in the file it may be a sequence")
    func places() {
        #expect(changes(flags: ["--administrators", "alice, bob ,carol"]) == ["administrators=alice,bob,carol (flag --administrators)"])
        #expect(changes(environment: ["WHARF_ADMINISTRATORS": "alice"]) == ["administrators=alice (environment WHARF_ADMINISTRATORS)"])
        #expect(changes(file: "administrators: alice, bob") == ["administrators=alice,bob (FILE line 1)"])
        #expect(changes(file: "administrators: [alice, bob]") == ["administrators=alice,bob (FILE line 1)"])
        #expect(changes(file: "# who\nadministrators:\n  - alice\n  - bob") == ["administrators=alice,bob (FILE line 2)"])
    }

    @Test("a list wins as a whole, and is not mixed with that of a weaker place")
    func precedence() {
        #expect(
            changes(
                flags: ["--administrators", "carol"], environment: ["WHARF_ADMINISTRATORS": "bob"], file: "administrators: [alice, dave]")
                == ["administrators=carol (flag --administrators)"])
        #expect(
            changes(environment: ["WHARF_ADMINISTRATORS": "bob"], file: "administrators: [alice, dave]")
                == ["administrators=bob (environment WHARF_ADMINISTRATORS)"])
    }

    @Test("empty lists, empty elements and elements that are there twice are refused")
    func refused() {
        for text in ["", ",", "alice,", ",alice", "alice,,bob", "alice,alice", " ", "a b", "@alice", "a:b", "älice"] {
            #expect(
                problems(flags: ["--administrators", text, "--auth", "password_file", "--password-file", "/p"]) == [
                    "administrators (flag --administrators) cannot be `\(text)`; accepted is a list with commas between its elements; each "
                        + "is a name of 1 to 255 letters, digits, `.`, `_`, `@` and `-`, without @ at its beginning"
                ])
        }
        for value in ["[]", "", "[[a]]", "[a, null]", "{a: b}"] {
            #expect(problems(file: "administrators: \(value)").count == 1)
        }
        #expect(problems(file: "data: [a]") == ["data (FILE line 1) has no single value; accepted is a path"])
    }

    @Test("truth is written true or false")
    func truth() {
        #expect(["true", "false", "yes", "1", "True", ""].map(ValueKind<Bool>.bool.parse) == [true, false, nil, nil, nil, nil])
    }

    @Test(
        "mail servers",
        arguments: [
            ("smtp://mail.example.com:587", "smtp://mail.example.com:587"), ("SMTPS://[::1]:465", "smtps://[::1]:465"),
            ("smtp://mail.example.com", "smtp://mail.example.com:587"), ("smtp://mail:0", nil), ("http://mail:25", nil), ("mail:25", nil),
            ("smtp:mail:25", nil),
            ("smtp://user@mail:25", nil), ("smtp://mail:25/", nil), ("", nil),
        ])
    func mailServers(text: String, expected: String?) {
        #expect(MailServerAddress(text).map { "\($0)" } == expected)
    }

    @Test(
        "registries of namespaces",
        arguments: [
            ("team=registry.example.com:5000", "team=registry.example.com:5000"), ("*=[::1]:80", "*=[::1]:80"), ("library=a", "library=a"),
            ("a.b-c_d=h", "a.b-c_d=h"), ("team", nil), ("=a", nil), ("team=", nil), ("Team=a", nil), ("a/b=h", nil), ("team=a:0", nil),
            ("team=http://a", nil), ("..=a", nil), ("t*=a", nil),
        ])
    func endpoints(text: String, expected: String?) {
        #expect(RegistryEndpoint(text).map { "\($0)" } == expected)
    }

    @Test("a namespace has one registry")
    func oneRegistry() {
        #expect(ValueKind.registryEndpoints.parse("team=a,team=b") == nil)
        #expect(ValueKind.registryEndpoints.parse("*=a,*=b") == nil)
        #expect(ValueKind.registryEndpoints.parse("team=a,other=a,*=b")?.map(\.namespace) == ["team", "other", nil])
    }

    @Test("tags that stay what they are, and what is no such pattern")
    func tagPatterns() {
        #expect(
            changes(file: "immutable_tags: ['team/*:v*', 'tools:1.0']")
                == ["immutable_tags=team/*:v*,library/tools:1.0 (FILE line 1)"])
        for text in ["team/app", "team/app:", ":v1", "team/app:v1:v2", "Team/*:v1", "team/*:a b", "*:*,*:*", "tools:v1,library/tools:v1"] {
            #expect(
                problems(flags: ["--immutable-tags", text]) == [
                    "immutable_tags (flag --immutable-tags) cannot be `\(text)`; accepted is a list with commas between its elements; each "
                        + "is REPOSITORY:TAG, in both of which * stands for any run of characters, as in team/*:v* or *:release-*"
                ])
        }
    }

    @Test("where the audit log goes")
    func auditLog() {
        let kind = ValueKind.auditDestination
        #expect(["-", "off", "/a", "./off", ""].map(kind.parse) == [.standardError, .off, .file("/a"), .file("./off"), nil])
        #expect([AuditDestination.standardError, .off, .file("/a")].map(kind.format) == ["-", "off", "/a"])
    }

    @Test("blocks of addresses, and what is none")
    func blocks() {
        #expect(
            changes(flags: ["--allow-from", "10.0.0.0/8, 2001:db8::/32"]) == ["allow_from=10.0.0.0/8,2001:db8::/32 (flag --allow-from)"])
        #expect(
            problems(flags: ["--allow-from", "10.0.0.0/8,everywhere"]) == [
                "allow_from (flag --allow-from) cannot be `10.0.0.0/8,everywhere`; accepted is a list with commas between its elements; each "
                    + "is an IP address, or a block as in 10.0.0.0/8 or 2001:db8::/32"
            ])
    }
}

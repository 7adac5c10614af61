import Testing

@testable import wharf

@Suite("The YAML file")
struct FileTests {
    @Test("keys are nested, and comments, quotes and empty sections are as YAML has them")
    func accepted() throws {
        let file = """
            # listen & serve *all*
            listen: "[::1]:5000"   # brackets need quotes
            data: /srv/R & D/*
            log:
              level: debug
            limits:
              # layer_size: 1GiB
            timeouts: {idle: 5s, shutdown: '1m'}
            limits.ancestry: 7
            """
        #expect(
            changes(file: file) == [
                "listen=[::1]:5000 (FILE line 2)", "data=/srv/R & D/* (FILE line 3)", "log.level=debug (FILE line 5)",
                "limits.ancestry=7 (FILE line 9)", "timeouts.idle=5s (FILE line 8)", "timeouts.shutdown=1m (FILE line 8)",
            ])
        for empty in ["", "# nothing\n", "---\n", "{}", "~"] { #expect(changes(file: empty) == []) }
    }

    @Test("unknown keys name the nearest that there is")
    func unknown() throws {
        let file = """
            lisen: 127.0.0.1:1
            limits:
              layersize: 1
              zzzzzzzzzz: 2
            listen:
              host: a
            config: other.yaml
            """
        #expect(
            problems(file: file) == [
                "unknown key `lisen` (FILE line 1); did you mean listen?",
                "unknown key `limits.layersize` (FILE line 3); did you mean limits.layer_size?",
                "unknown key `limits.zzzzzzzzzz` (FILE line 4); `wharf config reference` lists all settings",
                "unknown key `listen.host` (FILE line 6); did you mean listen?",
                "unknown key `config` (FILE line 7); `wharf config reference` lists all settings",
            ])
    }

    @Test("keys with no value, a list, or a value where a section belongs are refused")
    func shapes() throws {
        #expect(
            problems(file: "data:\nauth: [none]\nlog: debug\nlimits: []\ntimeouts: {idle: 1s}\ntimeouts.idle: 1s") == [
                "data (FILE line 1) has no single value; accepted is a path",
                "auth (FILE line 2) has no single value; accepted is none, accounts, password_file, index, token-server",
                "log (FILE line 3) is a section: its settings stand below it, indented",
                "limits (FILE line 4) is a section: its settings stand below it, indented",
                "timeouts.idle (FILE line 6) is given twice",
            ])
    }

    @Test(
        "what is no such file is refused with the reason",
        arguments: [
            ("- a", "it has to be a mapping of settings to values, such as `listen: 127.0.0.1:5000`"),
            ("listen", "it has to be a mapping of settings to values, such as `listen: 127.0.0.1:5000`"),
            ("listen: 'x", "it is not YAML: line 1: found unexpected end of stream"),
            ("data: /a\ndata: /b", "it is not YAML: line 1: data is there twice"),
            ("data: /a\n---\ndata: /b", "it is not YAML: line 2: but found another document"),
            ("a: *b", "it is not YAML: line 1: found undefined alias"),
            ("? [a]\n: b", "line 1: a key has to be a name"),
        ])
    func refused(file: String, reason: String) throws {
        #expect(problems(file: file) == ["configuration file `FILE`: \(reason)"])
    }

    @Test("files that are missing, too long or no text are refused with the reason")
    func unreadable() throws {
        func message(_ bytes: [UInt8]) throws -> [String] {
            try withFile(bytes) { path in problems(flags: ["--config", path]).map { $0.replacing(path, with: "FILE") } }
        }
        #expect(try message([0x61, 0x3a, 0x20, 0xff]) == ["configuration file `FILE`: it is not UTF-8"])
        let comment = Array(repeating: UInt8(ascii: "#"), count: 262_144)
        #expect(try message(comment) == [])
        #expect(try message(comment + [0x0a]) == ["configuration file `FILE`: it has more than 262144 bytes"])
        #expect(
            problems(flags: ["--config", "/nonexistent/wharf.yaml"])
                == ["configuration file `/nonexistent/wharf.yaml`: it cannot be read: No such file or directory"])
        #expect(problems(flags: ["--config", "/"]) == ["configuration file `/`: it cannot be read: Is a directory"])
    }

    @Test("aliases are refused before they are followed, also where following them would never end")
    func aliases() throws {
        let bomb =
            ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
            + (1..<12).map { level in
                let (this, below) = (Character(UnicodeScalar(UInt8(97 + level))), Character(UnicodeScalar(UInt8(96 + level))))
                return "\(this): &\(this) [" + Array(repeating: "*\(below)", count: 10).joined(separator: ", ") + "]"
            }
        for file in [
            "data: &a /x\nlog: *a", "&a data: /x\n*a : b", "{a: &a [b], c: [*a,*a]}", "{\"a\":&x b,\"c\":*x}", "- &a x\n- !!str\n  *a",
            "data: &b /x",
            "a: \"it's # \"\nb: &b 1\nc: *b # '", (bomb + ["? *l", ": x"]).joined(separator: "\n"),
        ] {
            #expect(
                problems(file: file)
                    == ["configuration file `FILE`: anchors and aliases (`&name`, `*name`) are not accepted"])
        }
        #expect(changes(file: "data: \"a &b *c\"") == ["data=a &b *c (FILE line 1)"])
    }

    @Test("nesting without end is refused")
    func nesting() throws {
        #expect(problems(file: String(repeating: "[", count: 100_000)).count == 1)
        #expect(problems(file: String(repeating: "{a: ", count: 50_000)).count == 1)
    }
}

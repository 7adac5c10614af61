import Testing

@testable import wharf

@Suite("Mistakes in flags and environment")
struct MistakeTests {
    @Test("unknown flags and variables name the nearest that there is")
    func unknown() throws {
        #expect(
            problems(flags: ["--lisen", "127.0.0.1:1", "--layer-size=1", "-v"], environment: ["WHARF_LOGLEVEL": "x", "WHARF_ZZZ": ""])
                == [
                    "unknown flag `--lisen`; did you mean --listen?",
                    "unknown flag `--layer-size`; did you mean --limits-layer-size?",
                    "unknown flag `-v`; `wharf config reference` lists all settings",
                    "unknown environment variable `WHARF_LOGLEVEL`; did you mean WHARF_LOG_LEVEL?",
                    "unknown environment variable `WHARF_ZZZ`; `wharf config reference` lists all settings",
                ])
    }

    @Test("flags without a value, given twice, and stray arguments are refused")
    func malformed() throws {
        #expect(
            problems(flags: ["--data", "--log-level", "info", "x", "--log-level=debug", "--listen"]) == [
                "flag --data has no value; accepted is a path",
                "unexpected argument `x`: settings are given as --name value",
                "flag --log-level is given twice",
                "flag --listen has no value; accepted is HOST:PORT, such as 127.0.0.1:5000, [::1]:5000 or 0.0.0.0:5000 "
                    + "(every IPv4 address of this machine)",
            ])
        #expect(changes(flags: ["--data=--odd=name"]) == ["data=--odd=name (flag --data)"])
        #expect(problems(flags: ["--data="]) == ["data (flag --data) cannot be ``; accepted is a path"])
    }

    @Test("a bad value names the setting, where it came from, and what is accepted; all are named at once")
    func badValues() throws {
        #expect(
            problems(flags: ["--limits-ancestry", "0"], environment: ["WHARF_LOG_FORMAT": "xml"], file: "timeouts:\n  idle: 5") == [
                "log.format (environment WHARF_LOG_FORMAT) cannot be `xml`; accepted is text, json",
                "limits.ancestry (flag --limits-ancestry) cannot be `0`; accepted is a number from 1 to 65536",
                "timeouts.idle (FILE line 2) cannot be `5`; accepted is a time from 1s to 24h, as in 500ms, 30s, 2m or 1h",
            ])
    }

    @Test("what is quoted in a message is short and cannot act on a terminal")
    func quoting() throws {
        #expect(
            problems(flags: ["--log-level", "\u{1b}[2J\n"]).first?.hasPrefix(#"log.level (flag --log-level) cannot be `\u{1B}[2J\n`; "#)
                == true)
        let long = problems(flags: ["--log-level", String(repeating: "x", count: 10_000)])
        #expect(long.first?.contains("`\(String(repeating: "x", count: 200))…`") == true)
    }

    @Test("variables that Kubernetes makes for a service are none of ours")
    func serviceLinks() throws {
        let names = [
            "WHARF_SERVICE_HOST", "WHARF_SERVICE_PORT", "WHARF_SERVICE_PORT_HTTP", "WHARF_PORT", "WHARF_PORT_5000_TCP",
            "WHARF_PORT_5000_TCP_ADDR", "WHARF_HUB_SERVICE_HOST", "WHARF_HUB_PORT", "WHARF_HUB_PORT_80_TCP_PROTO",
        ]
        #expect(problems(environment: Dictionary(uniqueKeysWithValues: names.map { ($0, "tcp://10.0.0.1:80") })) == [])
        let others = ["WHARF_PORTS", "WHARF_PORT_NAME", "WHARF_PORT_5000", "WHARF_HOST"]
        #expect(problems(environment: Dictionary(uniqueKeysWithValues: others.map { ($0, "x") })).count == 4)
    }

    @Test("no address but loopback is listened on before `auth` is written out")
    func openAddress() throws {
        for address in ["0.0.0.0:5000", "[::]:5000", "hub.example.com:5000"] {
            #expect(
                problems(flags: ["--listen", address]) == [
                    "wharf does not listen on \(address) before it is told who may use it: write `auth: accounts` (or --auth accounts, or "
                        + "WHARF_AUTH=accounts) and add the first administrator with `wharf user add NAME --email ADDRESS --admin`, or "
                        + "`auth: none` to let everybody who reaches that address push, pull and delete, or listen on this machine only, "
                        + "as with --listen 127.0.0.1:5000"
                ])
            #expect(problems(flags: ["--listen", address, "--auth", "none"]) == [])
            #expect(problems(flags: ["--listen", address], environment: ["WHARF_AUTH": "none"]) == [])
            #expect(problems(flags: ["--listen", address], file: "auth: none") == [])
        }
        for address in ["127.0.0.1:0", "[::1]:5000", "localhost:5000"] {
            #expect(problems(flags: ["--listen", address]) == [])
        }
    }

    @Test(
        "the nearest name",
        arguments: [
            ("listn", "listen"), ("Listen", "listen"), ("limits.layersize", "limits.layer_size"), ("layer_size", "limits.layer_size"),
            ("WHARF_LIMIT_CONNECTION", "limits.connections"),
            ("zzzz", nil), ("", nil),
        ])
    func nearestName(name: String, expected: String?) {
        #expect(nearest(to: name, in: Settings.definitions.map { "\($0.key)" }) == expected)
    }
}

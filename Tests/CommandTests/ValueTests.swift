import RegistryClient
import Testing

@testable import wharf

@Suite("Values of settings")
struct ValueTests {
    @Test(
        "sizes",
        arguments: [
            ("0", 0), ("1", 1), ("1B", 1), ("500MB", 500_000_000), ("10GiB", 10_737_418_240), ("10 gib", 10_737_418_240), ("2kB", 2000),
            ("2KB", 2000), ("2KiB", 2048), ("3TB", 3_000_000_000_000), ("1TiB", 1_099_511_627_776),
            ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("8388608TiB", nil), ("", nil), ("GiB", nil), ("1G", nil),
            ("1.5GiB", nil), ("-1", nil), ("+1", nil), ("1  MB", nil), ("1MB ", nil), (" 1MB", nil), ("0x10", nil), ("１", nil),
            ("1e3", nil),
        ])
    func sizes(text: String, bytes: Int?) {
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(
        "sizes are shown in the largest whole unit",
        arguments: [(0, "0"), (1, "1"), (1023, "1023"), (1024, "1KiB"), (1000, "1kB"), (3_000_000, "3MB"), (68_719_476_736, "64GiB")])
    func sizeFormat(bytes: Int, text: String) {
        #expect(ByteSize.format(bytes) == text)
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(
        "times",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
            ("0s", .zero), ("2 m", .seconds(120)), ("30", nil), ("", nil), ("s", nil), ("-1s", nil), ("1.5s", nil), ("1M", nil),
            ("2d", .seconds(172_800)), ("1w", nil), ("9223372036854775807h", nil),
        ])
    func times(text: String, span: Duration?) {
        #expect(TimeSpan.parse(text) == span)
    }

    @Test(
        "times are shown in the largest whole unit",
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(1500), "1500ms"), (.seconds(90), "90s"), (.seconds(120), "2m"), (.seconds(7200), "2h"),
            (.seconds(86_400), "24h"), (.seconds(93_600), "26h"), (.seconds(172_800), "2d"), (.seconds(7_776_000), "90d"),
            (.milliseconds(4_620_000_001), "4620000001ms"),
        ])
    func timeFormat(span: Duration, text: String) {
        #expect(TimeSpan.format(span) == text)
    }

    @Test(
        "addresses to listen on, and which of them only this machine reaches",
        arguments: [
            ("127.0.0.1:5000", true), ("127.9.9.9:0", true), ("localhost:5000", true), ("LOCALHOST:65535", true), ("[::1]:5000", true),
            ("[0:0:0:0:0:0:0:1]:1", true), ("[::ffff:127.0.0.1]:1", true), ("0.0.0.0:5000", false), ("[::]:5000", false),
            ("[::ffff:10.0.0.1]:1", false), ("192.168.1.1:80", false), ("registry.example.com:443", false), ("127.1:5000", false),
            ("localhost.example.com:1", false), ("127.0.0.1.example.com:1", false), ("my_host:1", false),
        ] as [(String, Bool?)]
            + [
                "", ":5000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "::1:5000", "[::1]", "[::1:5000",
                "[127.0.0.1]:1", "[fe80::1%eth0]:1", "a b:1", "a/b:1", "-a:1", "a..b:1", "http://a:1", "ä:1", "a:١",
            ].map { ($0, nil) })
    func addresses(text: String, isLoopback: Bool?) {
        #expect(ListenAddress(text)?.isLoopback == isLoopback)
        if let address = ListenAddress(text) { #expect(ListenAddress("\(address)") == address) }
    }

    @Test(
        "external addresses",
        arguments: [
            ("https://registry.example.com", "https://registry.example.com"), ("http://a:5000/", "http://a:5000"),
            ("HTTPS://A.B/", "https://A.B"), ("http://[::1]:80", "http://[::1]:80"), ("http://[::1]", "http://[::1]"),
            ("http://10.0.0.1", "http://10.0.0.1"), ("https://a/registry", nil), ("https://a//", nil), ("https://a?b", nil),
            ("https://a#b", nil), ("https://user@a", nil), ("https://user:pass@a", nil), ("ftp://a", nil), ("https:a", nil), ("a", nil),
            ("https://", nil), ("https:///", nil), ("https://a:0", nil), ("https://a:b", nil), ("https://a:65536", nil), ("", nil),
        ])
    func externalURLs(text: String, expected: String?) {
        #expect(ServiceURL(text).map { "\($0)" } == expected)
    }

    @Test("a range has both its ends and nothing beyond them")
    func ranges() {
        let count = ValueKind<Int>.count(1...10)
        #expect(["0", "1", "10", "11", "5 ", ""].map(count.parse) == [nil, 1, 10, nil, nil, nil])
        let size = ValueKind<Int>.size(1024...2048)
        #expect(["1023", "1KiB", "2KiB", "2049"].map(size.parse) == [nil, 1024, 2048, nil])
        #expect(size.accepted == "a size from 1KiB to 2KiB: bytes, or with a unit as in 500MB or 10GiB")
        let open = ValueKind<Int>.sizeOrUnlimited(from: 1024)
        #expect(["0", "unlimited", "1023", "1KiB"].map(open.parse) == [.max, .max, nil, 1024])
        #expect(open.format(.max) == "unlimited")
        let time = ValueKind<Duration>.duration(.seconds(1)...(.seconds(60)))
        #expect(["999ms", "1s", "1m", "61s"].map(time.parse) == [nil, .seconds(1), .seconds(60), nil])
        let rarely = ValueKind<Duration>.durationOrNever(.seconds(1)...(.seconds(60)))
        #expect(
            ["never", "0", "0s", "999ms", "1s", "1m", "61s", "Never"].map(rarely.parse)
                == [.zero, .zero, .zero, nil, .seconds(1), .seconds(60), nil, nil])
        #expect(rarely.format(.zero) == "never")
        #expect(rarely.format(.seconds(1)) == "1s")
    }

    @Test(
        "where a token server gives tokens",
        arguments: [
            ("https://auth.example.com/token", "https://auth.example.com/token"), ("HTTP://a:5001/", "http://a:5001/"),
            ("https://a", "https://a"), ("https://[::1]:1/t?x=y&z=%20", "https://[::1]:1/t?x=y&z=%20"), ("https://a/b/c", "https://a/b/c"),
            ("https:///token", nil), ("https://user@a/token", nil), ("https://a?x", nil), ("https://a/#x", nil), ("https://a/ b", nil),
            ("https://a/\"", nil), ("https://a/\\", nil), ("https://a/ä", nil), ("ftp://a/token", nil), ("/token", nil), ("", nil),
        ])
    func realms(text: String, expected: String?) {
        #expect(RealmURL(text).map { "\($0)" } == expected)
    }
}

import Logging
import Testing

@testable import RegistryLog

@Suite("Lines of the log")
struct LineWriterTests {
    /// 2024-02-29T23:59:59.007Z
    private let time = LogTime(seconds: 1_709_251_199, milliseconds: 7)

    private func request(path: String = "/v1/_ping", userAgent: String = "docker/1.5.0 go/go1.4.1", status: Int = 200) -> AccessLogLine {
        AccessLogLine(
            id: "01HQ", method: "GET", path: path, status: status, bytesIn: 0, bytesOut: 4, duration: .microseconds(1234),
            remoteAddress: "127.0.0.1:50123", userAgent: userAgent)
    }

    private func written(_ line: AccessLogLine, _ format: LogFormat) -> String {
        var writer = LineWriter(format: format)
        line.write(to: &writer, at: time)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("a request is one line of text")
    func text() {
        #expect(
            written(request(), .text) == """
                time=2024-02-29T23:59:59.007Z level=info message=request id=01HQ method=GET path=/v1/_ping status=200 bytes_in=0 bytes_out=4 \
                duration_ms=1.234 remote=127.0.0.1:50123 user_agent="docker/1.5.0 go/go1.4.1"\n
                """)
    }

    @Test("a request is one line of JSON")
    func json() {
        #expect(
            written(request(status: 500), .json) == """
                {"time":"2024-02-29T23:59:59.007Z","level":"warning","message":"request","id":"01HQ","method":"GET","path":"/v1/_ping",\
                "status":500,"bytes_in":0,"bytes_out":4,"duration_ms":1.234,"remote":"127.0.0.1:50123",\
                "user_agent":"docker/1.5.0 go/go1.4.1"}\n
                """)
    }

    @Test("what a client sent cannot forge a line, a value or a terminal command")
    func escaping() {
        // In a loop, as the test's own report would print the arguments as they are.
        for (value, expected) in [
            ("a\nlevel=info", #""a\nlevel=info""#),
            ("a\r\n\t", #""a\r\n\t""#),
            (#"say "hi" \ "#, #""say \"hi\" \\ ""#),
            ("\u{1b}[31mred", #""\u001b[31mred""#),
            ("\u{0}\u{7f}\u{85}\u{9b}", #""\u0000\u007f\u0085\u009b""#),
            ("\u{2028}\u{202e}\u{2066}\u{200f}\u{feff}", #""\u2028\u202e\u2066\u200f\ufeff""#),
            ("status=200", #""status=200""#),
            ("", #""""#),
            ("plain/word", "plain/word"),
            ("Größe 🐳", #""Größe 🐳""#),
        ] {
            var text = LineWriter(format: .text)
            text.value(value)
            #expect(String(decoding: text.bytes, as: UTF8.self) == expected)
            var json = LineWriter(format: .json)
            json.value(value)
            #expect(String(decoding: json.bytes, as: UTF8.self) == (expected.hasPrefix("\"") ? expected : "\"\(expected)\""))
        }
    }

    @Test("a long value is cut at a whole character and marked")
    func truncation() {
        var writer = LineWriter(format: .text)
        writer.value("ab🐳cd", limit: 5)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"ab…\"")
        let line = written(request(userAgent: String(repeating: "u", count: 10_000)), .text)
        #expect(line.hasSuffix("user_agent=\"" + String(repeating: "u", count: 256) + "…\"\n"))
    }

    @Test(
        "times are written in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ])
    func times(seconds: Int, expected: String) {
        var bytes: [UInt8] = []
        LogTime(seconds: seconds, milliseconds: 0).append(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("durations have three decimal places and numbers their sign")
    func numbers() {
        var writer = LineWriter(format: .text)
        writer.milliseconds("a", .zero)
        writer.milliseconds("b", .seconds(61) + .microseconds(5))
        writer.milliseconds("c", .seconds(-1))
        writer.number("d", -120)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == " a=0.000 b=61000.005 c=0.000 d=-120")
    }
}

import Dispatch
import Glibc
import Logging
import Testing

@testable import RegistryLog

@Suite("The sink of the log", .serialized)
struct LogSinkTests {
    private func line(_ text: String, format: LogFormat = .text) -> LineWriter {
        var writer = LineWriter(format: format)
        writer.bytes.append(contentsOf: Array((text + "\n").utf8))
        return writer
    }

    @Test("lines come out whole and in each thread's order, however many threads write")
    func threads() throws {
        let pipe = try TestPipe()
        let sink = LogSink(format: .text, descriptor: pipe.writing)
        let reader = pipe.readAll()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in 0..<1000 { sink.append(line("\(thread) \(number)"), level: number % 97 == 0 ? .error : .info) }
        }
        sink.flush(within: .seconds(10))
        pipe.closeWriting()
        let lines = reader().split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
        #expect(lines.count == 4000)
        for thread in 0..<4 {
            #expect(lines.filter { $0.first == thread }.map { $0[1] } == Array(0..<1000))
        }
    }

    @Test("a warning is written without waiting for the timer, after what came before it")
    func promptness() throws {
        let pipe = try TestPipe()
        let sink = LogSink(format: .text, descriptor: pipe.writing, delay: .seconds(3600))
        sink.append(line("first"), level: .info)
        sink.append(line("second"), level: .warning)
        #expect(pipe.readLines(2, within: .seconds(5)) == "first\nsecond\n")
    }

    @Test("a line below warning follows by itself")
    func timer() throws {
        let pipe = try TestPipe()
        let sink = LogSink(format: .text, descriptor: pipe.writing)
        for text in ["first", "second"] {
            sink.append(line(text), level: .info)
            #expect(pipe.readLines(1, within: .seconds(5)) == text + "\n")
        }
    }

    @Test("nobody waits for a reader that does not read; what did not fit is counted")
    func stuckReader() throws {
        let pipe = try TestPipe()
        let sink = LogSink(format: .text, descriptor: pipe.writing, capacity: 1000)
        // Fills the pipe and then the buffer: 64 KiB and 1000 bytes.
        let long = line(String(repeating: "x", count: 99))
        let clock = ContinuousClock()
        let took = clock.measure {
            for _ in 0..<2000 { sink.append(long, level: .error) }
            sink.flush(within: .milliseconds(10))
        }
        #expect(took < .seconds(5))
        let reader = pipe.readAll()
        sink.flush(within: .seconds(5))
        sink.append(line("end"), level: .error)
        sink.flush(within: .seconds(5))
        pipe.closeWriting()
        let lines = reader().split(separator: "\n")
        let kept = lines.count { $0.hasPrefix("xxx") }
        let notices = lines.filter {
            $0.contains("level=warning message=\"lines of the log were dropped: nobody read them fast enough\" count=")
        }
        let dropped = notices.compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }.reduce(0, +)
        #expect(kept < 2000)
        #expect(kept + dropped == 2000)
        #expect(lines.count == kept + notices.count + 1)
    }

    @Test("a descriptor that fails loses lines and stops nobody; what was lost is told once it works")
    func brokenDescriptor() throws {
        let pipe = try TestPipe()
        // Open for reading only at first, so that writing fails.
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let sink = LogSink(format: .text, descriptor: descriptor)
        for count in [2, 1] {
            for _ in 0..<count { sink.append(line("lost"), level: .info) }
            sink.flush(within: .seconds(5))
        }
        dup2(pipe.writing, descriptor)
        sink.append(line("found"), level: .info)
        sink.flush(within: .seconds(5))
        let lines = pipe.readLines(2, within: .seconds(5)).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "found")
        #expect(lines.last?.hasSuffix("count=3") == true)
    }

    @Test("events of swift-log have their metadata sorted, none of it passing for the line's own names")
    func handler() throws {
        for (format, expected) in [
            (
                LogFormat.text,
                #"level=notice message="two words" logger=wharf a="[\"x\", \"y\"]" error=gone level_=fake path=/v1 "q r"=1"# + "\n"
            ),
            (
                LogFormat.json,
                #""level":"notice","message":"two words","logger":"wharf","a":["x","y"],"error":"gone","level_":"fake","#
                    + #""path":"/v1","q r":"1"}"# + "\n"
            ),
        ] {
            let pipe = try TestPipe()
            let sink = LogSink(format: format, descriptor: pipe.writing)
            var logger = Logger(label: "wharf") { SinkLogHandler(label: $0, sink: sink, level: .notice) }
            logger[metadataKey: "path"] = "/v0"
            logger.info("not at this level")
            logger.log(
                level: .notice, "two words", error: Gone(),
                metadata: ["path": "/v1", "a": ["x", "y"], "level": "fake", "q r": .stringConvertible(1)])
            sink.flush(within: .seconds(5))
            pipe.closeWriting()
            let line = pipe.readAll()()
            #expect(String(line.dropFirst(format == .text ? 30 : 35)) == expected)
        }
    }

    @Test("the access log keeps its level")
    func accessLogLevel() throws {
        let pipe = try TestPipe()
        let sink = LogSink(format: .text, descriptor: pipe.writing)
        let log = AccessLog(sink: sink, level: .warning)
        for status in [200, 404, 503] {
            log.record(
                AccessLogLine(
                    id: "1", method: "GET", path: "/", status: status, bytesIn: 0, bytesOut: 0, duration: .zero, remoteAddress: "a",
                    userAgent: ""))
        }
        sink.flush(within: .seconds(5))
        pipe.closeWriting()
        let line = pipe.readAll()()
        #expect(
            line.dropFirst(30)
                == "level=warning message=request id=1 method=GET path=/ status=503 bytes_in=0 bytes_out=0 duration_ms=0.000 remote=a user_agent=\"\"\n"
        )
    }
}

private struct Gone: Error, CustomStringConvertible {
    var description: String { "gone" }
}

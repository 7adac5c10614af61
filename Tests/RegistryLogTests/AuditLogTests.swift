import Dispatch
import Glibc
import Synchronization
import Testing

@testable import RegistryLog

@Suite("The audit log")
struct AuditLogTests {
    /// A folder that goes with the test.
    private final class Folder: Sendable {
        let path: String

        init() throws {
            var template = Array("/tmp/wharf-audit-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw TestPipe.Failure() }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        deinit {
            for name in ["audit.log", "audit.log.1"] { unlink("\(path)/\(name)") }
            rmdir(path)
        }

        func text(of name: String = "audit.log") -> String? {
            guard let file = fopen("\(path)/\(name)", "r") else { return nil }
            defer { fclose(file) }
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { all += buffer[..<count] }
            return String(decoding: all, as: UTF8.self)
        }
    }

    private final class Failures: Sendable {
        let all = Mutex<[AuditLog.Failure]>([])
        var count: Int { all.withLock { $0.count } }
    }

    private func event(_ target: String = "team/app:latest", detail: String? = nil) -> AuditEvent {
        AuditEvent(
            time: LogTime(seconds: 1_709_251_199, milliseconds: 7), who: "alice", by: "key build", action: "tag.set", target: target,
            from: "203.0.113.7", outcome: .done, status: 200, request: "01HQ", detail: detail)
    }

    private let line = """
        {"time":"2024-02-29T23:59:59.007Z","who":"alice","by":"key build","action":"tag.set","target":"team/app:latest",\
        "from":"203.0.113.7","outcome":"done","status":200,"request":"01HQ"}\n
        """

    @Test("an event is one line of JSON, in a file for its owner alone")
    func lines() throws {
        let folder = try Folder()
        let log = try AuditLog(path: "\(folder.path)/audit.log")
        #expect(log.isOn)
        log.record(event())
        log.record(
            AuditEvent(
                time: LogTime(seconds: 0, milliseconds: 0), who: "cli:root", action: "user.add", target: "bob", from: "-",
                outcome: .failed, detail: "name taken"))
        #expect(
            folder.text()
                == line + """
                    {"time":"1970-01-01T00:00:00.000Z","who":"cli:root","by":"-","action":"user.add","target":"bob","from":"-",\
                    "outcome":"failed","detail":"name taken"}\n
                    """)
        var facts = stat()
        #expect(stat("\(folder.path)/audit.log", &facts) == 0)
        #expect(facts.st_mode & 0o777 == 0o600)
    }

    @Test("nothing that a client sends makes a line, ends a value or commands a terminal")
    func escaping() throws {
        let folder = try Folder()
        let log = try AuditLog(path: "\(folder.path)/audit.log")
        log.record(
            AuditEvent(
                time: LogTime(seconds: 0, milliseconds: 0), who: "a\"}\n{\"who\":\"root", by: "key \u{1b}[2J\\", action: "x\r\n",
                target: "\u{202e}\0\u{85}", from: "1\t2", outcome: .refused, request: "\u{7f}", detail: "Größe\u{2028}"))
        #expect(
            folder.text() == #"""
                {"time":"1970-01-01T00:00:00.000Z","who":"a\"}\n{\"who\":\"root","by":"key \u001b[2J\\","action":"x\r\n",\#
                "target":"\u202e\u0000\u0085","from":"1\t2","outcome":"refused","request":"\u007f","detail":"Größe\u2028"}\#n
                """#)
    }

    @Test("long values are cut, so that a line stays one that can be read")
    func cutting() throws {
        let folder = try Folder()
        let log = try AuditLog(path: "\(folder.path)/audit.log")
        let long = String(repeating: "x", count: 100_000)
        log.record(
            AuditEvent(
                who: long, by: long, action: long, target: long, from: long, outcome: .refused, status: -1, request: long, detail: long))
        let text = try #require(folder.text())
        #expect(text.utf8.count < 2100)
        #expect(text.hasSuffix("…\"}\n"))
        #expect(text.contains("\"target\":\"" + String(repeating: "x", count: 512) + "…\","))
    }

    @Test("an existing file is gone on with, by several writers, line by line")
    func sharing() throws {
        let folder = try Folder()
        let logs = try (0..<3).map { _ in try AuditLog(path: "\(folder.path)/audit.log") }
        DispatchQueue.concurrentPerform(iterations: 6) { writer in
            for number in 0..<300 { logs[writer % 3].record(event("\(writer) \(number)")) }
        }
        let targets = try #require(folder.text()).split(separator: "\n").map { line in
            #expect(line.hasPrefix("{\"time\"") && line.hasSuffix("\"01HQ\"}"))
            return line.split(separator: "\"target\":\"").last?.prefix { $0 != "\"" } ?? ""
        }
        #expect(targets.count == 1800)
        for writer in 0..<6 { #expect(targets.filter { $0.hasPrefix("\(writer) ") } == (0..<300).map { "\(writer) \($0)"[...] }) }
    }

    @Test("after a rename the log goes on in the old file until it is opened anew")
    func rotation() throws {
        let folder = try Folder()
        let log = try AuditLog(path: "\(folder.path)/audit.log")
        log.record(event())
        #expect(rename("\(folder.path)/audit.log", "\(folder.path)/audit.log.1") == 0)
        log.record(event())
        #expect(folder.text() == nil)
        try log.reopen()
        log.record(event())
        #expect(folder.text() == line)
        #expect(folder.text(of: "audit.log.1") == line + line)
    }

    @Test("a file that cannot be opened is an error; opening it anew then leaves the old one")
    func opening() throws {
        #expect(throws: AuditLog.Failure(path: "/nonexistent/audit.log", code: ENOENT)) { try AuditLog(path: "/nonexistent/audit.log") }
        #expect(throws: AuditLog.Failure(path: "/tmp", code: EISDIR)) { try AuditLog(path: "/tmp") }
        let folder = try Folder()
        let path = "\(folder.path)/audit.log"
        let log = try AuditLog(path: path)
        #expect(rename(path, path + ".1") == 0)
        #expect(mkdir(path, 0o700) == 0)
        #expect(throws: AuditLog.Failure(path: path, code: EISDIR)) { try log.reopen() }
        log.record(event())
        #expect(folder.text(of: "audit.log.1") == line)
        rmdir(path)
    }

    @Test("a failing write is told once, and once again after one that went well")
    func failures() throws {
        let failures = Failures()
        let full = try AuditLog(path: "/dev/full") { failure in failures.all.withLock { $0.append(failure) } }
        for _ in 0..<3 { full.record(event()) }
        #expect(failures.all.withLock { $0 } == [AuditLog.Failure(path: "/dev/full", code: ENOSPC)])
        try full.reopen()
        full.record(event())
        #expect(failures.count == 2)
        #expect("\(AuditLog.Failure(path: "/x", code: ENOSPC))" == "the audit log /x cannot be written: No space left on device")
    }

    @Test("what is off records nothing")
    func off() {
        #expect(!AuditLog.off.isOn)
        AuditLog.off.record(event())
        #expect(throws: Never.self) { try AuditLog.off.reopen() }
        #expect(AuditLog.standardError.isOn)
    }

    @Test("a line of which a part went out does not run into the next")
    func torn() throws {
        let pipe = try TestPipe()
        // F_SETPIPE_SZ: two pages of room; the first line leaves one, of which the second needs more.
        #expect(fcntl(pipe.writing, 1031, 8192) == 8192)
        #expect(fcntl(pipe.writing, F_SETFL, O_NONBLOCK) == 0)
        let failures = Failures()
        let log = AuditLog(path: nil, descriptor: pipe.writing) { failure in failures.all.withLock { $0.append(failure) } }
        let long = String(repeating: "\u{1}", count: 512)
        log.record(event(detail: long))
        log.record(event(long, detail: long))
        log.record(event(detail: long))
        #expect(failures.count == 1)
        _ = pipe.readLines(1, within: .seconds(1))
        log.record(event())
        pipe.closeWriting()
        #expect(pipe.readAll()() == "\n" + line)
    }
}

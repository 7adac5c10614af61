public import Database
import Testing

/// Plays a transcript against a server that listens on loopback, and records every difference as a failure of the running test.
public struct TranscriptRunner {
    let port: Int
    let database: any SQLDatabase

    public init(port: Int, database: any SQLDatabase) {
        self.port = port
        self.database = database
    }

    public func play(_ transcript: Transcript, name: String) async throws {
        var kept = transcript.values
        var held: (request: HTTPText.Request, connection: RawConnection)?
        for step in transcript.steps {
            var place = "\(name), line \(step.line)"
            let answer: [UInt8]
            switch step.action {
            case .sql(let sql):
                try await database.write { try $0.run(SQL(stringLiteral: sql)) }
                continue
            case .request(let lines):
                let request = HTTPText.Request(lines.map { TranscriptPattern.filled($0, kept) })
                place += ": \(request.head[0])"
                let connection = try await RawConnection.open(port: port)
                try await connection.send(request.bytes)
                answer = try await connection.receiveAll()
            case .held(let lines):
                let request = HTTPText.Request(lines.map { TranscriptPattern.filled($0, kept) })
                let connection = try await RawConnection.open(port: port)
                try await connection.send(request.fields)
                if request.expectsContinue, try await !connection.receiveSome().starts(with: Array("HTTP/1.1 100 ".utf8)) {
                    Issue.record("\(place): no 100 Continue")
                }
                try await connection.send(request.start)
                held = (request, connection)
                continue
            case .finish(let rest):
                guard let (request, connection) = held.take() else { throw Transcript.Malformed(line: step.line, text: "nothing is held") }
                try await connection.send(request.end(TranscriptPattern.filled(rest, kept)))
                answer = try await connection.receiveAll()
            case .cut:
                guard let (_, connection) = held.take() else { throw Transcript.Malformed(line: step.line, text: "nothing is held") }
                connection.endSending()
                answer = try await connection.receiveAll()
            }
            let expected = step.answer.flatMap { $0.hasPrefix("@") ? transcript.shared[String($0.dropFirst())] ?? ["missing \($0)"] : [$0] }
            compare(HTTPText.Answer(answer), expected, place, &kept)
        }
    }

    private func compare(_ answer: HTTPText.Answer, _ expected: [String], _ place: String, _ kept: inout [String: String]) {
        guard let status = expected.first else {
            Issue.record("\(place) has no answer")
            return
        }
        Self.compare(answer.status, status, "status", place, &kept)
        let blank = expected.firstIndex(of: "")
        compare(answer, fields: Array(expected[..<(blank ?? expected.endIndex)].dropFirst()), place, &kept)
        let body = TranscriptPattern.filled(blank.map { expected[($0 + 1)...].joined(separator: "\n") } ?? "", kept)
        let isBase64 = body.hasPrefix(HTTPText.base64Mark)
        let found = isBase64 ? HTTPText.base64Mark + answer.bodyInBase64 : String(decoding: answer.body, as: UTF8.self)
        Self.compare(found, body, "body", place, &kept)
    }

    private func compare(_ answer: HTTPText.Answer, fields expected: [String], _ place: String, _ kept: inout [String: String]) {
        var rest = answer.fields
        for line in expected {
            let pattern = TranscriptPattern(TranscriptPattern.filled(line, kept))
            if let index = rest.firstIndex(where: { pattern.match($0.utf8) != nil }) {
                kept.merge(pattern.match(rest.remove(at: index).utf8) ?? [:]) { _, new in new }
            } else {
                Issue.record("\(place): no field \(line) in \(answer.fields)")
            }
        }
        for field in rest {
            switch HTTPText.name(of: field) {
            case "date", "connection": continue
            case "content-length" where !expected.contains { HTTPText.name(of: $0) == "content-length" }:
                Self.compare(field, "Content-Length: \(answer.body.count)", "length", place, &kept)
            default: Issue.record("\(place): unexpected field \(field)")
            }
        }
    }

    private static func compare(_ found: String, _ expected: String, _ what: String, _ place: String, _ kept: inout [String: String]) {
        let filled = TranscriptPattern.filled(expected, kept)
        if let new = TranscriptPattern(filled).match(found.utf8) {
            kept.merge(new) { _, new in new }
        } else {
            Issue.record("\(place): \(what) is «\(found.prefix(2000))», not «\(filled.prefix(2000))»")
        }
    }
}

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
        var kept: [String: String] = [:]
        for step in transcript.steps {
            if let sql = step.sql {
                try await database.write { try $0.run(SQL(stringLiteral: sql)) }
                continue
            }
            let request = step.request.map { Self.filled($0, kept) }
            let (status, fields, body) = try await RawHTTP.exchange(RawHTTP.request(request), port: port)
            let place = "\(name), line \(step.line): \(request.first ?? "")"
            var expected = step.answer.flatMap { $0.hasPrefix("@") ? transcript.shared[String($0.dropFirst())] ?? ["missing \($0)"] : [$0] }
            guard !expected.isEmpty else {
                Issue.record("\(place) has no answer")
                continue
            }
            Self.compare(status, expected.removeFirst(), "status", place, &kept)
            let blank = expected.firstIndex(of: "")
            compare(fields, Array(expected[..<(blank ?? expected.endIndex)]), place, &kept)
            let text = blank.map { expected[($0 + 1)...].joined(separator: "\n") } ?? ""
            Self.compare(body, text, "body", place, &kept)
        }
    }

    private func compare(_ fields: [String], _ expected: [String], _ place: String, _ kept: inout [String: String]) {
        var rest = fields.filter { field in
            let name = field.prefix { $0 != ":" }.lowercased()
            let isNamed = expected.contains { $0.prefix { $0 != ":" }.lowercased() == name }
            return isNamed || !["date", "connection", "content-length"].contains(name)
        }
        for line in expected {
            if let index = rest.firstIndex(where: { Self.match($0, line, kept) != nil }) {
                kept.merge(Self.match(rest[index], line, kept) ?? [:]) { _, new in new }
                rest.remove(at: index)
            } else {
                Issue.record("\(place): no field \(line) in \(fields)")
            }
        }
        for field in rest { Issue.record("\(place): unexpected field \(field)") }
    }

    private static func compare(_ found: String, _ expected: String, _ what: String, _ place: String, _ kept: inout [String: String]) {
        if let new = match(found, expected, kept) {
            kept.merge(new) { _, new in new }
        } else {
            Issue.record("\(place): \(what) is «\(found)», not «\(filled(expected, kept))»")
        }
    }

    /// What `{name:*}` in `pattern` stood for, or nil when `text` does not match.
    private static func match(_ text: String, _ pattern: String, _ kept: [String: String]) -> [String: String]? {
        var found: [String: String] = [:]
        var text = text[...]
        var pattern = filled(pattern, kept)[...]
        while let open = pattern.range(of: "{"), let star = pattern[open.upperBound...].range(of: "*}") {
            guard text.hasPrefix(pattern[..<open.lowerBound]) else { return nil }
            text = text.dropFirst(pattern[..<open.lowerBound].count)
            let name = pattern[open.upperBound..<star.lowerBound].filter { $0 != ":" }
            pattern = pattern[star.upperBound...]
            let next = pattern.range(of: "{").map { pattern[..<$0.lowerBound] } ?? pattern
            guard let end = next.isEmpty ? text.endIndex : text.range(of: next)?.lowerBound else { return nil }
            if !name.isEmpty { found[name] = String(text[..<end]) }
            text = text[end...]
        }
        return text == pattern ? found : nil
    }

    private static func filled(_ text: String, _ kept: [String: String]) -> String {
        kept.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
}

extension StringProtocol {
    fileprivate func range(of text: some StringProtocol) -> Range<Index>? {
        var start = startIndex
        while start <= endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            guard start < endIndex else { return nil }
            start = index(after: start)
        }
        return nil
    }
}

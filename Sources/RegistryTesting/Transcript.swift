import Testing

/// A story of requests and the exact answers to them, as a text that people read.
///
///     # a title, and what is going on
///     | usual                               a name for fields that many answers share
///     | Vary: Accept
///     > PUT /v1/repositories/foo/images     a request: head, an empty line, body
///     > Content-Type: application/json
///     >
///     > []
///     < 204 No Content                      the answer: status, fields, an empty line, body
///     < @usual
///     < X-Docker-Token: {token:*}           {name:*} matches anything and keeps it; {*} matches anything; {name} stands for what was kept
///     ! sql UPDATE …                        what no request can do
///
/// Every field of the answer must be named, in any order, and no other may come, but for `Date`, `Connection` and `Content-Length`,
/// which is checked against the body unless the story names it. A body is compared byte for byte; lines of it are joined by a newline.
public struct Transcript: Sendable {
    public struct Step: Sendable {
        public var line: Int
        public var request: [String] = []
        public var answer: [String] = []
        public var sql: String?
    }

    public let steps: [Step]
    public let shared: [String: [String]]

    public struct Malformed: Error {
        public let line: Int
        public let text: String
    }

    /// - Throws: ``Malformed`` for a line that is none of a transcript's.
    public init(_ text: String) throws {
        var steps: [Step] = []
        var shared: [String: [String]] = [:]
        var name: String?
        for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
            let rest = String(line.dropFirst(2))
            switch line.first {
            case nil: name = nil
            case "#": continue
            case "|":
                if let name { shared[name, default: []].append(rest) } else { name = rest }
            case ">":
                if steps.last.map({ !$0.answer.isEmpty || $0.sql != nil }) ?? true { steps.append(Step(line: number)) }
                steps[steps.count - 1].request.append(rest)
            case "<":
                guard !steps.isEmpty else { throw Malformed(line: number, text: String(line)) }
                steps[steps.count - 1].answer.append(rest)
            case "!":
                guard rest.hasPrefix("sql ") else { throw Malformed(line: number, text: String(line)) }
                steps.append(Step(line: number, sql: String(rest.dropFirst(4))))
            default: throw Malformed(line: number, text: String(line))
            }
        }
        self.steps = steps
        self.shared = shared
    }
}

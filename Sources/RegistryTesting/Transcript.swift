/// A story of requests and the exact answers to them, as a text that people read.
///
///     # a title, and what is going on
///     = base 1111…                          a value that the story calls {base}
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
/// `{ab*3}` stands for `ababab`, and a body that begins with `base64:` for the bytes that the rest encodes. The body of a request with
/// `Transfer-Encoding: chunked` is sent in chunks.
///
/// A request may arrive in two pieces, with others in between:
///
///     > PUT /v1/images/{base}/layer
///     > Content-Length: 10
///     >
///     > 01234
///     ! hold                                sends this much; waits for `100 Continue` before the body, if it is expected
///     ! finish 56789                        sends the rest; or `! cut`: the client sends no more
///     < 200 OK
public struct Transcript: Sendable {
    public struct Step: Sendable {
        enum Action: Sendable {
            case request([String])
            /// A request of which more is to come.
            case held([String])
            case finish(String)
            case cut
            case sql(String)
        }

        public let line: Int
        var action: Action
        var answer: [String] = []

        /// Whether more lines of the request may follow.
        fileprivate var isOpen: Bool {
            if case .request = action { answer.isEmpty } else { false }
        }
    }

    public let steps: [Step]
    /// Values that the story calls by name.
    let values: [String: String]
    /// Lines that answers share.
    let shared: [String: [String]]

    public struct Malformed: Error {
        public let line: Int
        public let text: String
    }

    /// - Throws: ``Malformed`` for a line that is none of a transcript's.
    public init(_ text: String) throws {
        var steps: [Step] = []
        var values: [String: String] = [:]
        var shared: [String: [String]] = [:]
        var name: String?
        for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
            let malformed = Malformed(line: number, text: String(line))
            let rest = String(line.dropFirst(2))
            switch line.first {
            case nil: name = nil
            case "#": continue
            case "=":
                guard let space = rest.firstIndex(of: " ") else { throw malformed }
                values[String(rest[..<space])] = TranscriptPattern.filled(String(rest[rest.index(after: space)...]), values)
            case "|":
                if let name { shared[name, default: []].append(rest) } else { name = rest }
            case ">":
                if case .request(let lines)? = steps.last?.action, steps.last?.isOpen == true {
                    steps[steps.count - 1].action = .request(lines + [rest])
                } else {
                    steps.append(Step(line: number, action: .request([rest])))
                }
            case "<":
                guard !steps.isEmpty else { throw malformed }
                steps[steps.count - 1].answer.append(rest)
            case "!":
                if rest == "hold", case .request(let lines)? = steps.last?.action, steps.last?.isOpen == true {
                    steps[steps.count - 1].action = .held(lines)
                } else {
                    guard let action = Self.action(rest) else { throw malformed }
                    steps.append(Step(line: number, action: action))
                }
            default: throw malformed
            }
        }
        self.steps = steps
        self.values = values
        self.shared = shared
    }

    private static func action(_ text: String) -> Step.Action? {
        if text == "cut" { return .cut }
        if text.hasPrefix("finish ") { return .finish(String(text.dropFirst(7))) }
        if text.hasPrefix("sql ") { return .sql(String(text.dropFirst(4))) }
        return nil
    }
}

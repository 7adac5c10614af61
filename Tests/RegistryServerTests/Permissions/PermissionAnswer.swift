import Foundation
import ImageModel
import RegistryWire

@testable import RegistryTesting

/// An answer as the tables write it: `200 +read {"latest":"{image}"}`.
struct PermissionAnswer: Sendable {
    enum Body: Sendable {
        /// With the wildcards of transcripts.
        case text(String)
        /// The names that a search finds.
        case sees([String])
    }

    let status: Int
    /// The access of the token that is handed out.
    let token: RepositoryToken.Access?
    let body: Body
    /// As it is written.
    let text: String

    var isRefusal: Bool { status >= 400 }

    init?(_ text: String) {
        let halves = text.split(separator: " ", maxSplits: 1)
        guard let status = halves.first.flatMap({ Int($0) }) else { return nil }
        var rest = halves.count > 1 ? halves[1].drop { $0 == " " } : ""
        var token: RepositoryToken.Access?
        if rest.hasPrefix("+") {
            token = RepositoryToken.Access(rawValue: String(rest.dropFirst().prefix { $0 != " " }))
            guard token != nil else { return nil }
            rest = rest.drop { $0 != " " }.drop { $0 == " " }
        }
        self.status = status
        self.token = token
        self.text = text
        let words = rest.split(separator: " ")
        body = words.first == "sees" ? .sees(words.dropFirst().map(String.init)) : .text(String(rest))
    }

    /// What is different in `answer`, in words; nil when it is the expected one.
    func difference(from answer: Received, values: [String: String]) -> String? {
        let found = "\(answer.status) \(String(decoding: answer.body.prefix(300), as: UTF8.self))"
        guard answer.status.hasPrefix("\(status) ") else { return found }
        switch body {
        case .text(let text):
            guard Self.matches(answer.text, Self.filled(text, values)) else { return found }
        case .sees(let names):
            guard let page = FoundPage(answer.body) else { return found }
            guard page.names.sorted() == names.sorted(), page.count == names.count else {
                return "sees \(page.names.sorted().joined(separator: " ")), and counts \(page.count)"
            }
        }
        return fieldDifference(answer, repository: values["name"])
    }

    /// `text` with the values that it names in braces.
    private static func filled(_ text: String, _ values: [String: String]) -> String {
        values.reduce(text) { $0.contains("{\($1.key)}") ? $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) : $0 }
    }

    /// Whether `{*}` can stand for something, so that both are the same.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        let pieces = pattern.components(separatedBy: "{*}")
        guard pieces.count > 1 else { return Array(text.utf8) == Array(pattern.utf8) }
        guard text.hasPrefix(pieces[0]), text.hasSuffix(pieces[pieces.count - 1]) else { return false }
        var rest = text.dropFirst(pieces[0].count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.range(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.count >= pieces[pieces.count - 1].count
    }

    private func fieldDifference(_ answer: Received, repository: String?) -> String? {
        let challenges = answer.values(of: "www-authenticate")
        if status == 401, challenges.sorted() != [#"Basic realm="wharf""#, "Token"] { return "401 with WWW-Authenticate \(challenges)" }
        if isRefusal, status != 401, !challenges.isEmpty { return "a refusal with WWW-Authenticate \(challenges)" }
        if isRefusal, !answer.values(of: "set-cookie").isEmpty { return "a refusal with a cookie" }
        let tokens = answer.values(of: "x-docker-token")
        guard let token else { return tokens.isEmpty ? nil : "hands out \(tokens)" }
        guard tokens.count == 1, let found = RepositoryToken(tokens[0]), found.access == token, found.repository.text == repository else {
            return "hands out \(tokens), not a token with \(token.rawValue)"
        }
        return nil
    }
}

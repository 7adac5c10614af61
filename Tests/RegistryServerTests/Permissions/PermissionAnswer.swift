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
        /// The names of a catalog.
        case lists([String])
        /// What a token answer's token allows in the column's repository.
        case grants([String])
    }

    /// `404`, or `4xx` for all that begin so.
    let status: String
    /// The access of the token that is handed out.
    let token: RepositoryToken.Access?
    /// What the challenge's scope is; nil: it has none; `*`: whatever it is.
    let scope: String?
    /// The same of its error.
    let error: String?
    /// Whether a 401 asks for Basic, as it does only where nothing else would help.
    let asksForBasic: Bool
    let body: Body
    /// As it is written.
    let text: String

    var isRefusal: Bool { status >= "4" }

    init?(_ text: String) {
        var rest = text[...]
        func word() -> Substring {
            let word = rest.prefix { $0 != " " }
            rest = rest.dropFirst(word.count).drop { $0 == " " }
            return word
        }
        status = String(word())
        guard status.count == 3, status.first?.isNumber == true else { return nil }
        var token: RepositoryToken.Access?
        var scope: String?
        var error: String?
        var asksForBasic = false
        while let mark = ["+", "scope=", "error=", "scheme=Basic"].first(where: { rest.hasPrefix($0) }) {
            let value = String(word().dropFirst(mark.count))
            switch mark {
            case "+":
                token = RepositoryToken.Access(rawValue: value)
                guard token != nil else { return nil }
            case "scope=": scope = value
            case "error=": error = value
            default: asksForBasic = true
            }
        }
        self.asksForBasic = asksForBasic
        self.token = token
        self.scope = scope
        self.error = error
        self.text = text
        let words = rest.split(separator: " ")
        let names = words.dropFirst().map(String.init)
        body =
            switch words.first {
            case "sees": .sees(names)
            case "lists": .lists(names)
            case "grants": .grants(names)
            default: .text(String(rest))
            }
    }

    /// What is different in `answer`, in words; nil when it is the expected one.
    func difference(from answer: Received, values: [String: String], dialect: TableDialect = .v1) -> String? {
        let challenges = answer.values(of: "www-authenticate")
        var found = "\(answer.status) \(String(decoding: answer.body.prefix(300), as: UTF8.self))"
        if dialect == .v2, !challenges.isEmpty { found += " \(challenges)" }
        guard answer.status.count >= 4, zip(answer.status, status).allSatisfy({ $1 == "x" || $0 == $1 }) else { return found }
        switch body {
        case .text(let text):
            guard Self.matches(answer.text, Self.filled(text, values)) else { return found }
        case .sees(let names):
            guard let page = FoundPage(answer.body) else { return found }
            guard page.names.sorted() == names.sorted(), page.count == names.count else {
                return "sees \(page.names.sorted().joined(separator: " ")), and counts \(page.count)"
            }
        case .lists(let names):
            guard let listed = CatalogPage(answer.body)?.repositories else { return found }
            guard listed == names else { return "lists \(listed.joined(separator: " "))" }
        case .grants(let actions):
            guard let granted = GrantedToken(answer.body) else { return found }
            let expected = actions.isEmpty ? [:] : ["repository:\(values["name"] ?? "")": actions]
            guard granted.access == expected else { return "grants \(granted.access)" }
        }
        return switch dialect {
        case .v1: fieldDifference(answer, challenges, repository: values["name"])
        case .v2: distributionDifference(answer, challenges, values)
        case .operations: challenges.isEmpty && answer.values(of: "set-cookie").isEmpty ? nil : "has a challenge or a cookie"
        }
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

    private func fieldDifference(_ answer: Received, _ challenges: [String], repository: String?) -> String? {
        if answer.code == 401, challenges.sorted() != [#"Basic realm="wharf""#, "Token"] {
            return "401 with WWW-Authenticate \(challenges)"
        }
        if isRefusal, answer.code != 401, !challenges.isEmpty { return "a refusal with WWW-Authenticate \(challenges)" }
        if isRefusal, !answer.values(of: "set-cookie").isEmpty { return "a refusal with a cookie" }
        let tokens = answer.values(of: "x-docker-token")
        guard let token else { return tokens.isEmpty ? nil : "hands out \(tokens)" }
        guard tokens.count == 1, let found = RepositoryToken(tokens[0]), found.access == token, found.repository.text == repository else {
            return "hands out \(tokens), not a token with \(token.rawValue)"
        }
        return nil
    }

    private func distributionDifference(_ answer: Received, _ challenges: [String], _ values: [String: String]) -> String? {
        guard answer.values(of: "docker-distribution-api-version") == ["registry/2.0"] else { return "does not say registry/2.0" }
        for field in ["set-cookie", "x-docker-token", "x-docker-endpoints"] where !answer.values(of: field).isEmpty {
            return "has \(field)"
        }
        if isRefusal, answer.values(of: "content-type") != ["application/json"] {
            return "a refusal of type \(answer.values(of: "content-type"))"
        }
        guard answer.code == 401 else { return challenges.isEmpty ? nil : "\(answer.status) with WWW-Authenticate \(challenges)" }
        if asksForBasic { return challenges == [#"Basic realm="wharf""#] ? nil : "401 with WWW-Authenticate \(challenges)" }
        guard challenges.count == 1, let challenge = BearerChallenge(challenges[0]) else {
            return "401 with WWW-Authenticate \(challenges)"
        }
        let expected = scope.map { Self.filled($0, values) }
        guard challenge.realm == "http://registry.test:5000/v2/token",
            expected == "*" || status != "401" || Self.matches(challenge.scope ?? "", expected ?? ""),
            error == "*" || status != "401" || challenge.error == error
        else { return "401 with WWW-Authenticate \(challenges)" }
        return nil
    }
}

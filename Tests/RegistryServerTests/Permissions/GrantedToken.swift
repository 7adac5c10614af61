import Foundation

/// What a token answer hands out (Docker's token specification), as far as the tables ask.
struct GrantedToken {
    let token: String
    let refreshToken: String?
    /// Actions in their alphabetical order, by `type:name`.
    let access: [String: [String]]

    /// Nil unless `token` and `access_token` are one and the same JWT, and what is said of `scope` is no more than it has.
    init?(_ json: [UInt8]) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(json)), let token = answer.token ?? answer.accessToken,
            answer.accessToken ?? token == token, let claims = Self.claims(of: token)
        else { return nil }
        self.token = token
        refreshToken = answer.refreshToken
        access = Dictionary((claims.access ?? []).map { ("\($0.type):\($0.name)", $0.actions.sorted()) }) { ($0 + $1).sorted() }
    }

    /// The claims of a JWT, as JSON; nothing about it is checked.
    static func payload(of token: String) -> String? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 ? decoded(parts[1]) : nil
    }

    /// What stands in a part of a JWT.
    static func decoded(_ part: Substring) -> String? {
        let text = String(part).replacing("-", with: "+").replacing("_", with: "/")
        let data = Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4))
        return data.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func claims(of token: String) -> Claims? {
        payload(of: token).flatMap { try? JSONDecoder().decode(Claims.self, from: Data($0.utf8)) }
    }

    private struct Answer: Decodable {
        let token: String?
        let accessToken: String?
        let refreshToken: String?

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
        }
    }

    private struct Claims: Decodable {
        struct Access: Decodable {
            let type: String
            let name: String
            let actions: [String]
        }

        let access: [Access]?
    }
}

/// A page of `GET /v2/_catalog`.
struct CatalogPage {
    let repositories: [String]

    init?(_ json: [UInt8]) {
        guard let page = try? JSONDecoder().decode(Page.self, from: Data(json)) else { return nil }
        repositories = page.repositories
    }

    private struct Page: Decodable { let repositories: [String] }
}

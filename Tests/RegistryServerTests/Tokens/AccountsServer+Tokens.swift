import AccessTokens
import Foundation
import RegistryServer
import Testing

/// What `/v2/token` answers.
struct TokenReply: Decodable {
    let token: String
    let accessToken: String
    let expiresIn: Int64
    let issuedAt: String
    let refreshToken: String?
    let scope: String?

    enum CodingKeys: String, CodingKey {
        case token, scope
        case accessToken = "access_token"
        case expiresIn = "expires_in"
        case issuedAt = "issued_at"
        case refreshToken = "refresh_token"
    }

    init(_ answer: Received) throws {
        try #require(answer.code == 200, "\(answer.status) \(answer.text)")
        self = try JSONDecoder().decode(TokenReply.self, from: Data(answer.body))
    }

    var bearer: String { "Authorization: Bearer \(token)" }
}

extension AccountsServer {
    static let verifier = TokenVerifier(issuer: "wharf", audience: "wharf")

    /// - Parameter query: what follows `service=wharf`.
    func askToken(_ query: String, _ fields: [String] = []) async throws -> Received {
        try await send("GET /v2/token?service=wharf\(query)", fields)
    }

    func token(_ scopes: [String], _ fields: [String] = [], more: String = "") async throws -> TokenReply {
        try TokenReply(try await askToken(scopes.map { "&scope=\($0)" }.joined() + more, fields))
    }

    func grant(_ form: String, _ fields: [String] = []) async throws -> Received {
        try await send("POST /v2/token", ["Content-Type: application/x-www-form-urlencoded"] + fields, body: form)
    }

    /// What the token says, checked with the keys that the server publishes.
    func claims(of token: String, now: Int64 = TestServer.now) async throws -> TokenClaims {
        let keys = try await VerificationKeySet(file: try await send("GET /v2/token/keys").body)
        return try Self.verifier.claims(of: token, key: { keys[$0] }, now: now)
    }

    /// `team/app: pull push`, as the token has it.
    func granted(_ token: String) async throws -> [String] {
        try await claims(of: token).scopes.map {
            "\($0.type == "repository" ? "" : "\($0.type) ")\($0.name): \($0.actions.joined(separator: " "))"
        }
    }
}

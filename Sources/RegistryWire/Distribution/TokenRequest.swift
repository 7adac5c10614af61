/// What `GET /v2/token` asks for (Docker's "Token Authentication Specification"). Who asks stands in `Authorization`.
public struct TokenRequest: Hashable, Sendable {
    /// The service that the token is to be shown to; nil if the client does not say.
    public let service: String?
    public let scopes: [TokenScope]
    /// The name that the client logs in with; a hint, which proves nothing.
    public let account: String?
    public let clientID: String?
    public let wantsRefreshToken: Bool

    public init(_ query: RequestQuery) {
        service = query["service"]
        scopes = TokenScope.list(query.values(of: "scope"))
        account = query["account"]
        clientID = query["client_id"]
        wantsRefreshToken = query["offline_token"] == "true" || query["access_type"] == "offline"
    }
}

/// What `POST /v2/token` asks for (Docker's "OAuth2 Token Authentication"; RFC 6749 §4.3, §6).
public struct TokenGrantRequest: Hashable, Sendable {
    /// What the client proves itself by.
    public enum Grant: Hashable, Sendable {
        case password(user: String, password: String)
        case refreshToken(String)
    }

    public enum Refusal: Error, Hashable, Sendable {
        /// More than ``TokenGrantRequest/lengthLimit`` bytes.
        case tooLarge
        /// No form, or one with bytes that are no UTF-8.
        case malformed
        /// RFC 6749 §3.2: no parameter may be there twice.
        case repeated(String)
        case missing(String)
        /// `grant_type` is neither `password` nor `refresh_token`.
        case grantTypeUnsupported
    }

    /// The longest body, in bytes.
    public static let lengthLimit = 65_536

    public let grant: Grant
    public let service: String?
    public let scopes: [TokenScope]
    public let clientID: String?
    public let wantsRefreshToken: Bool

    /// - Parameter form: a body of `application/x-www-form-urlencoded`.
    /// - Throws: ``Refusal``.
    public init(form: [UInt8]) throws(Refusal) {
        guard form.count <= Self.lengthLimit else { throw .tooLarge }
        guard let fields = RequestQuery(form: form) else { throw .malformed }
        for name in ["grant_type", "username", "password", "refresh_token", "service", "client_id", "access_type", "scope"]
        where fields.values(of: name).count > 1 {
            throw .repeated(name)
        }
        switch try Self.field("grant_type", fields) {
        case "password": grant = .password(user: try Self.field("username", fields), password: try Self.field("password", fields))
        case "refresh_token": grant = .refreshToken(try Self.field("refresh_token", fields))
        default: throw .grantTypeUnsupported
        }
        service = fields["service"]
        scopes = TokenScope.list(fields.values(of: "scope"))
        clientID = fields["client_id"]
        wantsRefreshToken = fields["access_type"] == "offline"
    }

    private static func field(_ name: String, _ fields: RequestQuery) throws(Refusal) -> String {
        guard let value = fields[name], !value.isEmpty else { throw .missing(name) }
        return value
    }
}

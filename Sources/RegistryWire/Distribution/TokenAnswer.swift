import FoundationEssentials

/// The answer of both methods of `/v2/token`. The token stands there twice, because clients look for it under either name.
public struct TokenAnswer: Encodable, Hashable, Sendable {
    public let token: String
    public let accessToken: String
    /// Seconds from ``issuedAt`` on.
    public let expiresIn: Int64
    /// RFC 3339, UTC, whole seconds.
    public let issuedAt: String
    /// Left out where none was asked for or may be had.
    public let refreshToken: String?
    /// What was granted, with spaces between; left out where the client does not want to know.
    public let scope: String?

    /// - Parameter issuedAt: seconds since 1970.
    public init(token: String, expiresIn: Int64, issuedAt: Int64, refreshToken: String? = nil, scope: String? = nil) {
        self.token = token
        accessToken = token
        self.expiresIn = expiresIn
        self.issuedAt = Date(timeIntervalSince1970: TimeInterval(issuedAt)).ISO8601Format()
        self.refreshToken = refreshToken
        self.scope = scope
    }

    enum CodingKeys: String, CodingKey {
        case token
        case accessToken = "access_token"
        case expiresIn = "expires_in"
        case issuedAt = "issued_at"
        case refreshToken = "refresh_token"
        case scope
    }
}

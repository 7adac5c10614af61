import JWTKit

/// Makes access tokens: JWTs signed with ES256 (RFC 7518 §3.4).
public struct TokenIssuer: Sendable {
    /// The claim `iss`.
    public let issuer: String
    /// The claim `aud`: the registry, as challenges name it.
    public let service: String

    public init(issuer: String, service: String) {
        self.issuer = issuer
        self.service = service
    }

    public func token(_ claims: TokenClaims, with key: SigningKey) async throws -> String {
        let payload = TokenPayload(
            iss: issuer, sub: claims.subject, aud: TokenPayload.Audience(service), exp: TokenPayload.NumericDate(claims.expiresAt),
            nbf: claims.notBefore.map(TokenPayload.NumericDate.init), iat: claims.issuedAt.map(TokenPayload.NumericDate.init),
            jti: claims.id, access: claims.scopes,
            wharf: claims.binding.map { TokenPayload.BoundCredential(key: $0.key, stamp: Base64URLText.encode($0.stamp)) })
        return try await key.collection().sign(payload, kid: JWKIdentifier(string: key.kid))
    }
}

import FoundationEssentials

/// Tells whether a token is from this issuer, for this service and good at this moment.
public struct TokenVerifier: Sendable {
    /// Elements of `access` that are taken.
    public static let scopeLimit = 100
    /// Seconds by which the issuer's clock may be ahead. It does not make a token live longer.
    public static let clockSkew: Int64 = 60

    public let issuer: String
    public let audience: String

    public init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }

    /// What `text` says, when `key` finds the key that has signed it.
    ///
    /// - Parameters:
    ///   - key: finds a trusted key by what the token says of its name.
    ///   - now: seconds since 1970.
    public func claims(of text: some StringProtocol, key: (String?) -> VerificationKey?, now: Int64) throws(TokenRefusal) -> TokenClaims {
        let token = try TokenText(text)
        guard let key = key(token.keyID) else { throw .keyUnknown }
        return try claims(of: token, signedBy: key, now: now)
    }

    /// What the token says, when it is signed by `key`. The key decides about the algorithm, never the token.
    public func claims(of token: TokenText, signedBy key: VerificationKey, now: Int64) throws(TokenRefusal) -> TokenClaims {
        guard token.algorithm == key.algorithm else { throw .algorithm }
        guard key.hasSigned(token.signed, with: token.signature) else { throw .signature }
        guard let payload = try? JSONDecoder().decode(TokenPayload.self, from: token.payload), let claims = TokenClaims(payload) else {
            throw .malformed
        }
        guard payload.iss == issuer else { throw .issuer }
        guard payload.aud.names.contains(audience) else { throw .audience }
        guard claims.scopes.count <= Self.scopeLimit else { throw .tooManyScopes }
        try checkTime(of: claims, now: now)
        return claims
    }

    /// Whether the token is good at this moment, as far as the clock goes: also of one whose signature was found right before.
    public func checkTime(of claims: TokenClaims, now: Int64) throws(TokenRefusal) {
        guard now < claims.expiresAt else { throw .expired }
        guard [claims.notBefore, claims.issuedAt].allSatisfy({ ($0 ?? now) <= now + Self.clockSkew }) else { throw .notYetValid }
    }
}

extension TokenClaims {
    /// Nil for a binding that cannot be ours.
    fileprivate init?(_ payload: TokenPayload) {
        var binding: Binding?
        if let bound = payload.wharf {
            guard let stamp = Base64URLText.decode(bound.stamp.utf8) else { return nil }
            binding = Binding(key: bound.key, stamp: Array(stamp))
        }
        self.init(
            subject: payload.sub ?? "", scopes: payload.access ?? [], issuedAt: payload.iat.map { Int64($0.seconds.rounded(.up)) },
            notBefore: payload.nbf.map { Int64($0.seconds.rounded(.up)) }, expiresAt: Int64(payload.exp.seconds.rounded(.down)),
            id: payload.jti, binding: binding)
    }
}

public import AccessTokens

/// How access tokens of Docker's token authentication are made and told.
public struct AccessTokenConfiguration: Sendable {
    /// Where clients get tokens, as challenges name it; nil: at this server.
    public let realm: String?
    /// What tokens call this registry (`aud`), and challenges too.
    public let service: String
    /// What tokens call who has made them (`iss`).
    public let issuer: String
    /// Seconds for which an access token is good.
    public let accessLife: Int64
    /// Seconds for which a refresh token is good.
    public let refreshLife: Int64
    /// Seconds for which a key signs before another is made.
    public let keyLife: Int64

    /// - Parameter issuer: nil: the same as the service.
    public init(
        service: String = "wharf", issuer: String? = nil, accessLife: Int64 = 300, refreshLife: Int64 = 90 * 86_400,
        keyLife: Int64 = 90 * 86_400
    ) {
        realm = nil
        self.service = service
        self.issuer = issuer ?? service
        self.accessLife = accessLife
        self.refreshLife = refreshLife
        self.keyLife = keyLife
    }

    init(_ server: OutsideTokenServer) {
        realm = server.realm
        service = server.service
        issuer = server.issuer
        accessLife = 0
        refreshLife = 0
        keyLife = 0
    }
}

/// A token server that this one is not, and that alone knows the users.
public struct OutsideTokenServer: Sendable {
    /// Where clients get its tokens: a URL.
    public let realm: String
    /// What its tokens call this registry (`aud`).
    public let service: String
    /// What its tokens call itself (`iss`).
    public let issuer: String
    /// The keys that it signs with, as they are pinned at this moment.
    public let keys: @Sendable () -> VerificationKeySet

    public init(realm: String, service: String, issuer: String, keys: @escaping @Sendable () -> VerificationKeySet) {
        self.realm = realm
        self.service = service
        self.issuer = issuer
        self.keys = keys
    }
}

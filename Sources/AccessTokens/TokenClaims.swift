/// What an access token says (Docker, "Token Authentication Implementation"; RFC 7519 §4).
public struct TokenClaims: Sendable, Hashable {
    /// The credential that the token was given for: our own tokens die with it.
    public struct Binding: Sendable, Hashable {
        /// The API key, or nil for the password.
        public let key: Int64?
        /// Changes when the stored credential does.
        public let stamp: [UInt8]

        public init(key: Int64?, stamp: [UInt8]) {
            self.key = key
            self.stamp = stamp
        }
    }

    /// Whose token it is; empty: nobody's in particular.
    public let subject: String
    public let scopes: [GrantedScope]
    /// Seconds since 1970, as all times here; nil: not said.
    public let issuedAt: Int64?
    public let notBefore: Int64?
    /// The first second at which the token is over.
    public let expiresAt: Int64
    public let id: String?
    public let binding: Binding?

    public init(
        subject: String, scopes: [GrantedScope], issuedAt: Int64?, notBefore: Int64?, expiresAt: Int64, id: String?, binding: Binding?
    ) {
        self.subject = subject
        self.scopes = scopes
        self.issuedAt = issuedAt
        self.notBefore = notBefore
        self.expiresAt = expiresAt
        self.id = id
        self.binding = binding
    }
}

/// An element of the claim `access`: what may be done with one thing.
public struct GrantedScope: Sendable, Hashable, Codable {
    public let type: String
    public let name: String
    public let actions: [String]

    public init(type: String, name: String, actions: [String]) {
        self.type = type
        self.name = name
        self.actions = actions
    }
}

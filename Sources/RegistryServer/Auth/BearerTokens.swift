import AccessTokens
import Credentials
import ImageRegistry
import Logging
import RegistryWire

/// Access tokens (Docker, "Token Authentication Specification"): this server's own, or those of the token server that it trusts.
struct BearerTokens: Sendable {
    /// What a token says that is good at this moment.
    struct Content: Sendable {
        let claims: TokenClaims
        let scopes: [TokenScope]
        fileprivate let keyID: String?
        fileprivate let thumbprint: String
    }

    private enum Keys: Sendable {
        /// No token is taken.
        case none
        case own(SigningKeyring)
        case pinned(@Sendable () -> VerificationKeySet)
    }

    /// Tokens whose signatures need not be checked again: some 4 MiB.
    private static let keptTokens = 4096

    private let configuration: AccessTokenConfiguration
    private let keys: Keys
    private let verifier: TokenVerifier
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let verified = VerifiedTokens<Content>(limit: keptTokens)

    init(_ access: AccessConfiguration, store: SigningKeyStore, logger: Logger, now: @escaping @Sendable () -> Int64) {
        configuration = access.accessTokens
        keys =
            switch access.authority {
            case .none, .accounts, .passwordFile: .own(SigningKeyring(store: store, configuration: access.accessTokens, now: now))
            case .tokenServer(let server): .pinned(server.keys)
            case .index, .asking: .none
            }
        verifier = TokenVerifier(issuer: access.accessTokens.issuer, audience: access.accessTokens.service)
        self.now = now
        self.logger = logger
    }

    /// Whether tokens are made here.
    var areIssued: Bool { if case .own = keys { true } else { false } }

    /// Whether tokens say all that there is to know of their holders.
    var areOutside: Bool { if case .pinned = keys { true } else { false } }

    // MARK: - Taking

    /// - Throws: ``AccessRefusal/credentialsWrong``, ``AccessRefusal/tooBusy``, or what keeps the keys from being read.
    func content(of text: String) async throws -> Content {
        do {
            if let found = verified[text] {
                if knows(found) {
                    try verifier.checkTime(of: found.claims, now: now())
                    return found
                }
                verified.remove(text)
            }
            let token = try TokenText(text)
            guard let key = try await key(token.keyID) else { throw TokenRefusal.keyUnknown }
            let claims = try verifier.claims(of: token, signedBy: key, now: now())
            let content = Content(
                claims: claims, scopes: TokenScope.list(claims.scopes), keyID: token.keyID, thumbprint: key.thumbprint)
            verified.insert(content, for: text)
            return content
        } catch let refusal as TokenRefusal {
            logger.debug("access token refused", metadata: ["reason": "\(refusal)"])
            throw AccessRefusal.credentialsWrong
        }
    }

    /// Whether the key that has signed it is one that counts, as far as is known without asking anybody.
    private func knows(_ content: Content) -> Bool {
        let key: VerificationKey? =
            switch keys {
            case .none: nil
            case .own(let ring): content.keyID.flatMap(ring.known)
            case .pinned(let keys): keys()[content.keyID]
            }
        return key?.thumbprint == content.thumbprint
    }

    private func key(_ kid: String?) async throws -> VerificationKey? {
        switch keys {
        case .none: nil
        case .own(let ring): if let kid { try await ring.key(kid) } else { nil }
        case .pinned(let keys): keys()[kid]
        }
    }

    // MARK: - Making

    /// A token and the second at which it is over.
    ///
    /// - Parameters:
    ///   - binding: the credential that it dies with.
    ///   - validUntil: the end of that credential; nil: none.
    func token(for binding: TokenBinding, scopes: [TokenScope], at time: Int64, validUntil: Int64?) async throws -> (String, Int64) {
        guard case .own(let ring) = keys else { throw DistributionRefusal.unknownPath }
        let end = min(time + configuration.accessLife, validUntil ?? .max)
        let claims = TokenClaims(
            subject: binding.name, scopes: scopes.map { GrantedScope(type: $0.type, name: $0.name, actions: $0.orderedActions) },
            issuedAt: time, notBefore: time, expiresAt: end, id: Base64URL.encode(SecretBytes.random(16)),
            binding: binding == .nobody ? nil : TokenClaims.Binding(key: binding.key, stamp: binding.stamp))
        let issuer = TokenIssuer(issuer: configuration.issuer, service: configuration.service)
        return (try await issuer.token(claims, with: try await ring.signingKey()), end)
    }

    /// The keys that others need to check our tokens (RFC 7517 §5).
    func published() async throws -> [UInt8] {
        guard case .own(let ring) = keys else { throw DistributionRefusal.unknownPath }
        return VerificationKeySet.jwks(of: try await ring.keys())
    }
}

extension TokenScope {
    /// What is unknown here is left out: token servers have actions of their own.
    fileprivate static func list(_ granted: [GrantedScope]) -> [TokenScope] {
        let known: Set = [Action.pull, Action.push, Action.delete, Action.all, Action.search]
        return list(
            granted.compactMap { scope in
                let actions = scope.actions.filter(known.contains)
                // A space in a name would make two scopes of it.
                return actions.isEmpty || (scope.type + scope.name).contains(" ")
                    ? nil : "\(scope.type):\(scope.name):\(actions.joined(separator: ","))"
            })
    }
}

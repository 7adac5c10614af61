import FoundationEssentials
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

/// Where access tokens are had (Docker, "Token Authentication Specification" and "OAuth2 Token Authentication").
///
/// A token is for what was asked and may be done at this moment, and what it is for is a limit, no right: rights are looked up again for
/// each request that shows it. Nobody in particular gets a token too, for what is public; clients then go on and are told to log in.
struct TokenEndpoint: Sendable {
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        /// JSON text.
        let body: [UInt8]
        let fields: HTTPFields
        /// Who has shown a good credential.
        let caller: AuthenticatedCaller
        /// As whom the client wanted to be taken, whether it is or not.
        let claim: String?
    }

    let registry: Registry
    let authenticator: Authenticator
    let gate: Gate
    let origin: RequestOrigin
    /// The name in the certificate that the client showed.
    let certificate: String?

    private var access: AccessConfiguration { authenticator.access }

    /// The answer to `GET`.
    ///
    /// - Parameters:
    ///   - query: nil: it cannot be read.
    ///   - authorization: the field's value. Passwords and keys are credentials here; no token is, of whatever kind.
    /// - Throws: what is no refusal.
    func answer(_ query: RequestQuery?, authorization: String?) async throws -> Answer {
        var claim: String?
        do {
            guard let query else { throw Refusal.query }
            let credential = PresentedCredential(authorization)
            if case .basic(let user, _) = credential { claim = user }
            let request = TokenRequest(query)
            try check(request.service)
            let caller = try await caller(credential)
            let refreshToken = request.wantsRefreshToken ? refreshToken(for: caller) : nil
            return try await answer(to: caller, request.scopes, refreshToken: refreshToken, isGrant: false, claim: claim)
        } catch {
            return try refusal(for: error, isGrant: false, claim: claim)
        }
    }

    /// The answer to `POST`.
    ///
    /// - Parameter form: the body; nil: it is longer than ``TokenGrantRequest/lengthLimit``.
    /// - Throws: what is no refusal.
    func answer(form: [UInt8]?) async throws -> Answer {
        var claim: String?
        do {
            try gate.checkSecret(from: origin)
            guard let form else { throw TokenGrantRequest.Refusal.tooLarge }
            let request = try TokenGrantRequest(form: form)
            if case .password(let user, _) = request.grant { claim = user }
            try check(request.service)
            let caller: AuthenticatedCaller
            var refreshToken: String?
            switch request.grant {
            case .password(let user, let password):
                guard !(user + password).unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
                    throw AccessRefusal.credentialsWrong
                }
                caller = try await self.caller(.basic(user: user, password: password))
                if request.wantsRefreshToken { refreshToken = self.refreshToken(for: caller) }
            case .refreshToken(let text):
                caller = try await authenticator.holder(ofRefreshToken: text)
                // The same one: a refresh token does not live on by being used.
                if request.wantsRefreshToken { refreshToken = text }
            }
            return try await answer(to: caller, request.scopes, refreshToken: refreshToken, isGrant: true, claim: claim)
        } catch {
            return try refusal(for: error, isGrant: true, claim: claim)
        }
    }

    /// The public keys, as a JWK set.
    func keys() async throws -> Answer {
        Answer(
            status: .ok, body: try await authenticator.tokens.published(),
            fields: [.contentType: "application/jwk-set+json", .cacheControl: "public, max-age=60"], caller: .anonymous, claim: nil)
    }

    private func check(_ service: String?) throws(Refusal) {
        guard service ?? access.accessTokens.service == access.accessTokens.service else { throw .service(access.accessTokens.service) }
    }

    /// - Throws: ``AccessRefusal``.
    private func caller(_ credential: PresentedCredential) async throws -> AuthenticatedCaller {
        switch credential {
        case .none, .basic: break
        case .token, .bearer, .unreadable: if !access.isOpen { throw AccessRefusal.credentialsWrong }
        }
        return try await authenticator.caller(
            credential, cookie: nil, certificate: certificate, address: origin.client, authorization: nil)
    }

    /// Nil unless somebody has shown a secret: a certificate should not become one.
    private func refreshToken(for caller: AuthenticatedCaller) -> String? {
        switch caller.means {
        case .password, .key: authenticator.refreshSeal.token(for: caller.binding, at: registry.now())
        case .nothing, .certificate, .token, .cookie, .bearer: nil
        }
    }

    private func answer(
        to caller: AuthenticatedCaller, _ scopes: [TokenScope], refreshToken: String?, isGrant: Bool, claim: String?
    ) async throws -> Answer {
        let time = registry.now()
        var granted: [TokenScope] = []
        for scope in scopes { if let scope = try await self.granted(scope, to: caller) { granted.append(scope) } }
        let (token, end) = try await authenticator.tokens.token(
            for: caller.binding, scopes: granted, at: time, validUntil: caller.validUntil)
        let answer = TokenAnswer(
            token: token, expiresIn: end - time, issuedAt: time, refreshToken: refreshToken,
            scope: isGrant ? granted.map(\.description).joined(separator: " ") : nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Answer(status: .ok, body: Array(try encoder.encode(answer)), fields: Self.unkept, caller: caller, claim: claim)
    }

    /// Secrets are for the client alone.
    static let unkept: HTTPFields = [.cacheControl: "no-store"]

    /// What was asked, as far as the caller has the right to it now; nil when that is nothing.
    private func granted(_ scope: TokenScope, to caller: AuthenticatedCaller) async throws -> TokenScope? {
        typealias Action = TokenScope.Action
        let possible: Set<String>
        switch scope.resource {
        case .repository(let name):
            switch try await registry.access(of: caller.caller, to: name) {
            case .read?: possible = [Action.pull]
            case .write?: possible = [Action.pull, Action.push, Action.delete]
            case .admin?: possible = [Action.pull, Action.push, Action.delete, Action.all]
            case nil: possible = []
            }
            // Who asks for everything gets everything that there is to have, which may be less.
            if scope.actions.contains(Action.all), !possible.contains(Action.all) { return TokenScope(scope.resource, possible) }
        case .registry("catalog"):
            let isNobody = caller.caller.identity == .anonymous
            possible = isNobody && !registry.policy().allowsAnonymousPull ? [] : [Action.all, Action.search]
        case .registry: possible = []
        }
        return TokenScope(scope.resource, scope.actions.intersection(possible))
    }
}

import Credentials
import ImageModel
import ImageRegistry
import RegistryClient
import RegistryWire

/// Finds out who asks. What is stored of a user or key is read for every request; only the costly result of checking a password is kept, by
/// the stored hash that it was checked against.
struct Authenticator: Sendable {
    let registry: Registry
    let access: AccessConfiguration
    let seal: TokenSeal

    /// - Parameters:
    ///   - certificate: the name in the certificate that the client showed.
    ///   - address: the client's, for slowing failures down.
    /// - Throws: ``AccessRefusal``.
    func caller(
        _ credential: PresentedCredential, cookie: RepositoryToken?, certificate: String?, address: NetworkAddress, authorization: String?
    ) async throws -> AuthenticatedCaller {
        switch credential {
        case _ where access.isOpen:
            var token: RepositoryToken?
            if case .token(let shown) = credential { token = shown }
            return AuthenticatedCaller(.anyone, by: .nothing, token: token)
        case .basic(let user, let password):
            return try await caller(user: user, password: password, address: address)
        case .token(let token):
            return try await holder(of: token, by: .token, authorization: authorization)
        case .bearer: throw AccessRefusal.credentialsWrong
        case .none:
            if let cookie { return try await holder(of: cookie, by: .cookie, authorization: cookie.text) }
            if let certificate, let found = try await caller(certificate: certificate) { return found }
            return .anonymous
        case .unreadable: throw AccessRefusal.credentialsWrong
        }
    }

    // MARK: - Passwords and keys

    private func caller(user: String, password: String, address: NetworkAddress) async throws -> AuthenticatedCaller {
        guard access.knowsPasswords else { throw AccessRefusal.credentialsWrong }
        let known = try await stored(user)
        // What has the shape of a key is none's password: a robot with a revoked one costs no derivation, and slows nobody down.
        if let text = APIKeyText(password) { return try await caller(known, showing: text) }
        if let known, access.checker.isVerified(password, against: known.password) { return try known.caller(stamp: stamp(known)) }
        let keys = [LoginThrottle.key(user: user), LoginThrottle.key(address: address.text)]
        let delay = access.throttle.delay(for: keys)
        if delay > .zero { try await Task.sleep(for: delay) }
        let isRight: Bool
        do {
            isRight = try await access.checker.verify(password, against: known?.password, decoy: decoy)
        } catch is PasswordChecker.Busy {
            throw AccessRefusal.tooManyLogins
        }
        guard let known, isRight else {
            access.throttle.failed(keys)
            throw AccessRefusal.credentialsWrong
        }
        access.throttle.succeeded([LoginThrottle.key(user: user)])
        return try known.caller(stamp: stamp(known))
    }

    private func caller(_ known: StoredUser?, showing text: APIKeyText) async throws -> AuthenticatedCaller {
        guard let known, let id = known.id, let key = try await registry.key(lookup: text.lookup, of: id), text.matches(digest: key.digest),
            !key.key.isExpired(at: registry.now())
        else { throw AccessRefusal.credentialsWrong }
        return try known.caller(key: key, stamp: seal.stamp(key.digest))
    }

    private func caller(certificate name: String) async throws -> AuthenticatedCaller? {
        guard let known = try await stored(name) else { return nil }
        let found = try known.caller(stamp: stamp(known))
        return AuthenticatedCaller(found.caller, by: .certificate, binding: found.binding)
    }

    /// What an unknown user's password is compared with; nil: as the checker has it.
    private var decoy: StoredPassword? {
        if case .passwordFile(let file, _) = access.authority { .bcrypt(file().decoy()) } else { nil }
    }

    private func stamp(_ known: StoredUser) -> [UInt8] { seal.stamp(Array(known.password.text.utf8)) }

    private func stored(_ name: String) async throws -> StoredUser? {
        switch access.authority {
        case .none, .index, .asking: nil
        case .accounts:
            if let name = UserName(name) { try await registry.credential(of: name).map(StoredUser.init) } else { nil }
        case .passwordFile(let file, let administrators):
            file()[name].map { hash in
                StoredUser(
                    identity: .listed(name, isAdministrator: administrators.contains(name)), name: name, id: nil, state: .active,
                    password: .bcrypt(hash))
            }
        }
    }

    // MARK: - Tokens

    private func holder(
        of token: RepositoryToken, by means: AuthenticatedCaller.Means, authorization: String?
    ) async throws -> AuthenticatedCaller {
        if case .asking(let client) = access.authority { return try await holder(of: token, by: means, asking: client, authorization) }
        guard let content = seal.open(token) else { throw AccessRefusal.credentialsWrong }
        let validUntil = try await checkLife(of: content)
        let cap = Caller.Cap(access: token.access.cap, repositories: [RepositoryPattern(token.repository)])
        let binding = content.binding
        func made(_ identity: Caller.Identity, key: APIKey? = nil) -> AuthenticatedCaller {
            AuthenticatedCaller(
                Caller(identity, key: key.map(Caller.Cap.init), token: [cap]), by: means, binding: binding, token: token,
                validUntil: min(validUntil, key?.expiresAt ?? .max))
        }
        if case .index = access.authority { return made(.holder(binding.name)) }
        if binding.name.isEmpty { return made(.anonymous) }
        guard let known = try await stored(binding.name) else { throw AccessRefusal.credentialsWrong }
        guard known.state == .active else { throw AccessRefusal.accountInactive }
        guard let keyID = binding.key else {
            guard stamp(known) == binding.stamp else { throw AccessRefusal.credentialsWrong }
            return made(known.identity)
        }
        guard let id = known.id, let key = try await registry.key(keyID, of: id), seal.stamp(key.digest) == binding.stamp,
            !key.key.isExpired(at: registry.now())
        else { throw AccessRefusal.credentialsWrong }
        return made(known.identity, key: key.key)
    }

    private func holder(
        of token: RepositoryToken, by means: AuthenticatedCaller.Means, asking client: IndexClient, _ authorization: String?
    ) async throws -> AuthenticatedCaller {
        switch await client.check(authorization: authorization ?? token.text, repository: token.repository, access: token.access) {
        case .allowed(let ids):
            let cap = Caller.Cap(access: token.access.cap, repositories: [RepositoryPattern(token.repository)])
            return AuthenticatedCaller(
                Caller(.holder(""), token: [cap]), by: means, token: token, declaredImages: ids.map { Set($0.map(\.text)) })
        case .refused(.unauthorized): throw AccessRefusal.credentialsWrong
        case .refused(.forbidden): throw AccessRefusal.permissionDenied
        case .refused(.unknown): throw RegistryError.repositoryUnknown
        case .unreachable(let reason): throw AccessRefusal.indexUnreachable(reason)
        }
    }

    /// Seconds since 1970 until which the token is good even if it is not used again.
    private func checkLife(of content: TokenSeal.Content) async throws -> Int64 {
        let time = registry.now()
        let end = content.issuedAt + access.tokenTotalLife
        guard time < end, content.issuedAt <= time + Self.clockSkew else { throw AccessRefusal.credentialsWrong }
        let renewal = access.tokenLife / 4
        guard time - content.issuedAt > renewal else { return min(end, content.issuedAt + access.tokenLife) }
        let lastUse = max(content.issuedAt, try await registry.lastUse(of: content.identifier) ?? 0)
        guard time < lastUse + access.tokenLife else { throw AccessRefusal.credentialsWrong }
        if time - lastUse > renewal { try await registry.recordUse(of: content.identifier, expiresAt: end) }
        return min(end, time + renewal)
    }

    /// Seconds by which the clocks of an index and its registry may differ.
    private static let clockSkew: Int64 = 300
}

/// A user as whoever knows the users has stored them.
private struct StoredUser {
    let identity: Caller.Identity
    let name: String
    /// Nil when the catalog does not know the user.
    let id: Int64?
    let state: UserState
    let password: StoredPassword

    init(identity: Caller.Identity, name: String, id: Int64?, state: UserState, password: StoredPassword) {
        self.identity = identity
        self.name = name
        self.id = id
        self.state = state
        self.password = password
    }

    init(_ user: UserCredential) {
        self.init(
            identity: .user(user.name, id: user.id, isAdministrator: user.isAdministrator), name: user.name.text, id: user.id,
            state: user.state, password: .scrypt(user.password))
    }

    /// - Throws: ``AccessRefusal/accountInactive``.
    func caller(stamp: [UInt8]) throws -> AuthenticatedCaller {
        guard state == .active else { throw AccessRefusal.accountInactive }
        return AuthenticatedCaller(Caller(identity), by: .password, binding: TokenBinding(name: name, key: nil, stamp: stamp))
    }

    /// - Throws: ``AccessRefusal/accountInactive``.
    func caller(key: KeyCredential, stamp: [UInt8]) throws -> AuthenticatedCaller {
        guard state == .active else { throw AccessRefusal.accountInactive }
        return AuthenticatedCaller(
            Caller(identity, key: Caller.Cap(key.key)), by: .key(key.key.name),
            binding: TokenBinding(name: name, key: key.id, stamp: stamp), validUntil: key.key.expiresAt)
    }
}

extension Caller.Cap {
    fileprivate init(_ key: APIKey) {
        self.init(access: key.access, repositories: key.repositories.isEmpty ? nil : key.repositories)
    }
}

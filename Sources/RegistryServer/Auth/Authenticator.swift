import Credentials
import ImageModel
import ImageRegistry
import RegistryWire

/// Finds out who asks. What is stored of a user or key is read for every request; only the costly result of checking a password is kept, by
/// the stored hash that it was checked against.
struct Authenticator: Sendable {
    let registry: Registry
    let access: AccessConfiguration
    let seal: TokenSeal
    let refreshSeal: RefreshSeal
    let tokens: BearerTokens

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
        case .bearer(let text): return try await holder(ofBearer: text)
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

    func stamp(_ known: StoredUser) -> [UInt8] { seal.stamp(Array(known.password.text.utf8)) }

    func stored(_ name: String) async throws -> StoredUser? {
        switch access.authority {
        case .none, .index, .asking, .tokenServer: nil
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
}

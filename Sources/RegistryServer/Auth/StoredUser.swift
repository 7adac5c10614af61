import Credentials
import ImageModel
import ImageRegistry

/// A user as whoever knows the users has stored them.
struct StoredUser {
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
    init(_ key: APIKey) {
        self.init(access: key.access, repositories: key.repositories.isEmpty ? nil : key.repositories)
    }
}

public import Credentials
import Crypto
public import ImageModel

/// Accounts, as an administrator manages them and as people use them.
extension Registry {
    /// Makes an account whose address counts as confirmed, because somebody with access to the data says so.
    ///
    /// - Throws: ``RegistryError/nameTaken`` when the name or the address is somebody's.
    public func addUser(
        _ name: UserName, email: EmailAddress, passwordHash: PasswordHash, isAdministrator: Bool, state: UserState
    ) async throws {
        let time = now()
        try await write { catalog in
            guard let id = try catalog.addNamespace(name, kind: "user", at: time) else { throw RegistryError.nameTaken }
            try catalog.addUser(id, password: passwordHash, state: state, isAdministrator: isAdministrator)
            guard try catalog.addEmail(email, of: id, confirmedAt: time, at: time) else { throw RegistryError.nameTaken }
        }
    }

    /// By name.
    public func users() async throws -> [User] { try await read { try $0.users() } }

    public func hasUsers() async throws -> Bool { try await read { try $0.hasUsers() } }

    /// - Throws: ``RegistryError/userUnknown``.
    public func user(_ name: UserName) async throws -> User {
        guard let user = try await users().first(where: { $0.name == name }) else { throw RegistryError.userUnknown }
        return user
    }

    /// - Throws: ``RegistryError/userUnknown``.
    public func setState(_ state: UserState, of name: UserName) async throws {
        try await write { try $0.setState(state, of: $0.known(name)) }
    }

    /// - Throws: ``RegistryError/userUnknown``.
    public func setAdministrator(_ isAdministrator: Bool, _ name: UserName) async throws {
        try await write { try $0.setAdministrator(isAdministrator, of: $0.known(name)) }
    }

    /// - Throws: ``RegistryError/userUnknown``.
    public func setPassword(_ hash: PasswordHash, of name: UserName) async throws {
        try await write { try $0.setPassword(hash, of: $0.known(name)) }
    }

    /// Adds an address to an account and sets its password, whichever is given; an address that the account has already changes nothing.
    ///
    /// - Parameter confirmsEmail: whether the address counts as confirmed.
    /// - Throws: ``RegistryError/userUnknown``; ``RegistryError/nameTaken`` when the address is somebody else's.
    public func update(_ name: UserName, email: EmailAddress?, passwordHash: PasswordHash?, confirmsEmail: Bool) async throws {
        let time = now()
        try await write { catalog in
            let id = try catalog.known(name)
            if let email, try !catalog.addEmail(email, of: id, confirmedAt: confirmsEmail ? time : nil, at: time),
                try !catalog.isEmail(email, of: id)
            {
                throw RegistryError.nameTaken
            }
            if let passwordHash { try catalog.setPassword(passwordHash, of: id) }
        }
    }

    /// Confirms an address, which activates an account that waited for it; a disabled one stays so.
    ///
    /// - Throws: ``RegistryError/userUnknown`` also when the account has no such address.
    public func confirm(_ email: EmailAddress, of name: UserName) async throws {
        let time = now()
        try await write { catalog in
            guard let user = try catalog.credential(of: name), try catalog.confirmEmail(email, of: user.id, at: time) else {
                throw RegistryError.userUnknown
            }
            if user.state == .unconfirmed { try catalog.setState(.active, of: user.id) }
        }
    }

    /// What credentials of this name are checked against.
    public func credential(of name: UserName) async throws -> UserCredential? { try await read { try $0.credential(of: name) } }
}

/// Registration by the users themselves.
extension Registry {
    /// Whether a name or an address is somebody's already; asked before any other rule of registration (Docker Hub API, "User register").
    public func isTaken(name: UserName?, email: EmailAddress?) async throws -> Bool {
        try await read { catalog in
            if let name, try catalog.isTaken(name) { return true }
            return try email.map(catalog.isTaken) ?? false
        }
    }

    /// Makes an account for somebody who asks for it.
    ///
    /// - Parameters:
    ///   - invitation: the code to use up, when one is needed.
    ///   - confirmsEmail: whether the address counts as confirmed.
    /// - Throws: ``RegistryError/nameTaken``, ``RegistryError/invitationUnknown``.
    public func register(
        _ name: UserName, email: EmailAddress, passwordHash: PasswordHash, state: UserState, confirmsEmail: Bool, invitation: String?
    ) async throws {
        let time = now()
        try await write { catalog in
            if let invitation, try !catalog.useInvitation(Self.digest(ofInvitation: invitation), for: email, at: time) {
                throw RegistryError.invitationUnknown
            }
            guard let id = try catalog.addNamespace(name, kind: "user", at: time) else { throw RegistryError.nameTaken }
            try catalog.addUser(id, password: passwordHash, state: state, isAdministrator: false)
            guard try catalog.addEmail(email, of: id, confirmedAt: confirmsEmail ? time : nil, at: time) else {
                throw RegistryError.nameTaken
            }
        }
    }

    /// Undoes a registration of which its user could not be told.
    public func withdrawRegistration(of name: UserName) async throws {
        try await write { catalog in
            guard let user = try catalog.credential(of: name), user.state == .unconfirmed else { return }
            try catalog.removeUser(user.id)
        }
    }

    /// Lets somebody with this address register, once; returns the code, which is not kept.
    public func invite(_ email: EmailAddress, expiresAt: Int64) async throws -> String {
        let code = Base64URL.encode(SecretBytes.random(Self.invitationLength))
        try await write { try $0.invite(email, digest: Self.digest(ofInvitation: code), expiresAt: expiresAt) }
        return code
    }

    public func isInvited(_ email: EmailAddress, by code: String) async throws -> Bool {
        let time = now()
        return try await read { try $0.isInvited(Self.digest(ofInvitation: code), address: email, at: time) }
    }

    /// Bytes of an invitation's code.
    private static let invitationLength = 18

    private static func digest(ofInvitation code: String) -> [UInt8] { Array(SHA256.hash(data: Array(code.utf8))) }
}

extension Catalog {
    /// - Throws: ``RegistryError/userUnknown``.
    func known(_ name: UserName) throws -> Int64 {
        guard let user = try credential(of: name) else { throw RegistryError.userUnknown }
        return user.id
    }
}

import Credentials
public import ImageModel

extension Registry {
    /// Makes a key and returns its text, which is not kept.
    ///
    /// - Throws: ``RegistryError/userUnknown``; ``RegistryError/nameTaken`` when the user has a key of that name.
    public func createKey(
        named name: String, for user: UserName, access: Access, repositories: [RepositoryPattern], expiresAt: Int64?
    ) async throws -> String {
        let text = APIKeyText.make()
        let key = APIKey(name: name, access: access, repositories: repositories, createdAt: now(), expiresAt: expiresAt)
        try await write { catalog in
            guard try catalog.addKey(key, lookup: text.lookup, digest: text.digest, of: catalog.known(user)) else {
                throw RegistryError.nameTaken
            }
        }
        return text.text
    }

    /// By name.
    ///
    /// - Throws: ``RegistryError/userUnknown``.
    public func keys(of user: UserName) async throws -> [APIKey] { try await read { try $0.keys(of: $0.known(user)).map(\.key) } }

    /// - Throws: ``RegistryError/userUnknown``, ``RegistryError/keyUnknown``.
    public func revokeKey(named name: String, of user: UserName) async throws {
        try await write { catalog in
            guard try catalog.removeKey(named: name, of: catalog.known(user)) else { throw RegistryError.keyUnknown }
        }
    }

    /// What a key that a user shows is checked against.
    public func key(lookup: String, of user: Int64) async throws -> KeyCredential? {
        try await read { try $0.key(lookup: lookup, of: user) }
    }

    /// The key that a token was given for.
    public func key(_ id: Int64, of user: Int64) async throws -> KeyCredential? { try await read { try $0.key(id, of: user) } }
}

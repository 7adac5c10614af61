import AccessTokens
import ImageRegistry

/// Where signing keys are kept: the catalog, which every process of this registry shares.
struct SigningKeyStore: Sendable {
    /// All of them, in any order.
    let load: @Sendable () async throws -> [SigningKey]
    let add: @Sendable (SigningKey) async throws -> Void
    /// Forgets those made before a time, in seconds since 1970.
    let removeOlderThan: @Sendable (Int64) async throws -> Void

    init(
        load: @escaping @Sendable () async throws -> [SigningKey], add: @escaping @Sendable (SigningKey) async throws -> Void,
        removeOlderThan: @escaping @Sendable (Int64) async throws -> Void
    ) {
        self.load = load
        self.add = add
        self.removeOlderThan = removeOlderThan
    }

    init(_ registry: Registry) {
        self.init(
            load: {
                try await registry.signingKeys().compactMap { SigningKey(rawRepresentation: $0.privateKey, createdAt: $0.createdAt) }
            },
            add: { try await registry.addSigningKey(kid: $0.kid, privateKey: $0.rawRepresentation) },
            removeOlderThan: { try await registry.removeSigningKeys(olderThan: $0) })
    }
}

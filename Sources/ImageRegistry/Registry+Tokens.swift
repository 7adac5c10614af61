import Credentials

extension Registry {
    /// The key of this name, made at its first use and kept in the catalog, so that every process over it signs alike.
    public func secret(_ name: String) async throws -> [UInt8] {
        try await write { try $0.secret(name, orElse: SecretBytes.random(Self.secretLength)) }
    }

    /// When a token was last recorded to be in use, in seconds since 1970.
    ///
    /// - Parameter token: the token's identifier, not the token.
    public func lastUse(of token: [UInt8]) async throws -> Int64? { try await read { try $0.lastUse(of: token) } }

    /// Records that a token is in use; what is recorded is forgotten at `expiresAt`.
    public func recordUse(of token: [UInt8], expiresAt: Int64) async throws {
        let time = now()
        try await write { try $0.recordUse(of: token, at: time, expiresAt: expiresAt) }
    }

    /// Bytes.
    private static let secretLength = 32
}

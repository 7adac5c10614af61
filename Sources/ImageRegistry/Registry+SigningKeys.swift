extension Registry {
    /// A key that access tokens are signed with.
    public struct StoredSigningKey: Sendable, Equatable {
        public let kid: String
        public let privateKey: [UInt8]
        /// Seconds since 1970.
        public let createdAt: Int64
    }

    /// The newest first.
    public func signingKeys() async throws -> [StoredSigningKey] { try await read { try $0.signingKeys() } }

    public func addSigningKey(kid: String, privateKey: [UInt8]) async throws {
        let time = now()
        try await write { try $0.addSigningKey(StoredSigningKey(kid: kid, privateKey: privateKey, createdAt: time)) }
    }

    /// Forgets keys that were made before `time`, but never the newest.
    public func removeSigningKeys(olderThan time: Int64) async throws {
        try await write { try $0.removeSigningKeys(olderThan: time) }
    }
}

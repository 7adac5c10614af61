import Crypto
import FoundationEssentials
import JWTKit

/// A key that access tokens are signed with: ECDSA on P-256.
public struct SigningKey: Sendable {
    /// Its name, which the tokens say: the sum of its public half (RFC 7638), so that a name cannot be another key's.
    public let kid: String
    /// Seconds since 1970.
    public let createdAt: Int64
    private let key: P256.Signing.PrivateKey

    /// A new key.
    public init(createdAt: Int64) { self.init(P256.Signing.PrivateKey(), createdAt: createdAt) }

    /// Nil unless the bytes are what ``rawRepresentation`` was.
    public init?(rawRepresentation: [UInt8], createdAt: Int64) {
        guard let key = try? P256.Signing.PrivateKey(rawRepresentation: rawRepresentation) else { return nil }
        self.init(key, createdAt: createdAt)
    }

    private init(_ key: P256.Signing.PrivateKey, createdAt: Int64) {
        self.key = key
        self.createdAt = createdAt
        kid = JSONWebKey(key.publicKey).thumbprint
    }

    /// 32 bytes: the secret.
    public var rawRepresentation: [UInt8] { Array(key.rawRepresentation) }

    var published: JSONWebKey { JSONWebKey(key.publicKey) }

    func collection() async throws -> JWTKeyCollection {
        try await JWTKeyCollection().add(ecdsa: ES256PrivateKey(backing: key), kid: JWKIdentifier(string: kid))
    }
}

extension SigningKey: CustomStringConvertible {
    /// Without the secret: this may come into a log.
    public var description: String { kid }
}

extension SigningKey: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["kid": kid]) }
}

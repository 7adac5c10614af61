import FoundationEssentials

/// The keys of an issuer, pinned: no token can bring another.
public struct VerificationKeySet: Sendable {
    /// Bytes of a key file.
    public static let fileLimit = 1 << 20
    /// Keys in a file.
    public static let countLimit = 100

    public let keys: [VerificationKey]
    private let named: [String: VerificationKey]

    /// - Throws: ``KeyFileRefusal``.
    public init(_ keys: [VerificationKey]) throws {
        guard !keys.isEmpty else { throw KeyFileRefusal.noKey }
        guard keys.count <= Self.countLimit else { throw KeyFileRefusal.tooManyKeys }
        self.keys = keys
        named = try Dictionary(keys.flatMap { key in key.names.map { ($0, key) } }) { one, other in
            guard one.thumbprint == other.thumbprint else { throw KeyFileRefusal.nameTwice }
            return one
        }
    }

    /// What a file holds: a JWK set (RFC 7517 §5), or public keys and certificates in PEM (RFC 7468).
    ///
    /// - Throws: ``KeyFileRefusal``.
    public init(file: [UInt8]) async throws {
        let first = file.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        if first == UInt8(ascii: "{") { try await self.init(jwks: file) } else { try await self.init(pem: file) }
    }

    /// A set may hold keys of kinds that are of no use here; they are left out (RFC 7517 §5).
    ///
    /// - Throws: ``KeyFileRefusal``.
    public init(jwks: [UInt8]) async throws {
        guard jwks.count <= Self.fileLimit else { throw KeyFileRefusal.tooLarge }
        guard let set = try? JSONDecoder().decode(KeyDocument<Lenient>.self, from: Data(jwks)) else { throw KeyFileRefusal.malformed }
        var keys: [VerificationKey] = []
        for key in set.keys.compactMap({ $0.key }) where key.kind != nil {
            guard keys.count < Self.countLimit else { throw KeyFileRefusal.tooManyKeys }
            do {
                keys.append(try await VerificationKey(key, name: key.kid))
            } catch {
                throw KeyFileRefusal.keyUnusable
            }
        }
        try self.init(keys)
    }

    /// The key that a token calls so; nil: that it says nothing of its key. A key that is alone and has no name needs none.
    public subscript(kid: String?) -> VerificationKey? {
        if let kid, let key = named[kid] { return key }
        guard let only = keys.first, keys.count == 1, kid == nil || !only.isNamed else { return nil }
        return only
    }

    /// The JWK set of our own keys.
    public static func jwks(of keys: [SigningKey]) -> [UInt8] {
        let published = keys.map { key in
            var published = key.published
            published.use = "sig"
            published.alg = JSONWebKey.Kind.es256.rawValue
            published.kid = key.kid
            return published
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(KeyDocument(keys: published))).map { Array($0) } ?? Array(#"{"keys":[]}"#.utf8)
    }

    /// A key, or something that is none for us.
    private struct Lenient: Decodable {
        let key: JSONWebKey?

        init(from decoder: any Decoder) { key = try? JSONWebKey(from: decoder) }
    }
}

private struct KeyDocument<Key> {
    let keys: [Key]
}

extension KeyDocument: Encodable where Key: Encodable {}
extension KeyDocument: Decodable where Key: Decodable {}

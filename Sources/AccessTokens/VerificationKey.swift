import Crypto
import FoundationEssentials
import JWTKit

/// A trusted key: what it has signed is from whoever holds its private half.
public struct VerificationKey: Sendable {
    /// RFC 7638.
    public let thumbprint: String
    /// The only one with which the key may have signed.
    public let algorithm: String
    /// What tokens may call the key: the name that it came with, or else the sums of it that token servers use.
    public let names: Set<String>
    /// Whether it came with a name; if not, tokens may call it as their server likes when it is the only key.
    public let isNamed: Bool
    private let signer: any JWTAlgorithm

    /// Our own key's public half.
    public init(_ key: SigningKey) async throws {
        try await self.init(key.published, name: key.kid)
    }

    /// - Throws: ``KeyFileRefusal/keyUnusable``, and what keeps the key from being one.
    init(_ key: JSONWebKey, name: String?) async throws {
        guard let kind = key.kind else { throw KeyFileRefusal.keyUnusable }
        let keys = JWTKeyCollection()
        let der: Data?
        switch kind {
        case .es256:
            let key = try P256.Signing.PublicKey(rawRepresentation: key.point())
            der = key.derRepresentation
            try await keys.add(ecdsa: ES256PublicKey(backing: key))
        case .es384:
            let key = try P384.Signing.PublicKey(rawRepresentation: key.point())
            der = key.derRepresentation
            try await keys.add(ecdsa: ES384PublicKey(backing: key))
        case .rs256:
            guard let modulus = key.n, let exponent = key.e else { throw KeyFileRefusal.keyUnusable }
            let key = try JWTKit.Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
            der = key.derRepresentation
            await keys.add(rsa: key, digestAlgorithm: .sha256)
        case .edDSA:
            guard let x = key.x else { throw KeyFileRefusal.keyUnusable }
            der = nil
            await keys.add(eddsa: try EdDSA.PublicKey(x: x, curve: .ed25519))
        }
        signer = try await keys.getKey()
        algorithm = kind.rawValue
        thumbprint = key.thumbprint
        isNamed = name != nil
        names = if let name { [name] } else { Set([key.thumbprint] + (der.map { [Self.groupedSum(of: $0)] } ?? [])) }
    }

    func hasSigned(_ message: [UInt8], with signature: Data) -> Bool { (try? signer.verify(signature, signs: message)) ?? false }

    /// The name that token servers for distribution give a key: 240 bits of its sum, in twelve groups of base32 (libtrust's key id).
    private static func groupedSum(of der: Data) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = SHA256.hash(data: der).prefix(30).flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
        let text = stride(from: 0, to: bits.count, by: 5).map { digits[bits[$0..<$0 + 5].reduce(0) { $0 << 1 | Int($1) }] }
        return stride(from: 0, to: text.count, by: 4).map { String(text[$0..<$0 + 4]) }.joined(separator: ":")
    }
}

extension JSONWebKey {
    /// x and y, each as long as the curve's numbers are.
    fileprivate func point() throws -> Data {
        guard let x = x.flatMap({ Base64URLText.decode($0.utf8) }), let y = y.flatMap({ Base64URLText.decode($0.utf8) }), x.count == y.count
        else { throw KeyFileRefusal.keyUnusable }
        return x + y
    }
}

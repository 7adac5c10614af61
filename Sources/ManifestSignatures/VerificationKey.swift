import Crypto
import CryptoExtras
import ImageModel
import SwiftASN1
import X509

/// A public key that a signature brought along.
enum VerificationKey {
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case rsa(_RSA.Signing.PublicKey)

    /// Bits of an RSA key. Fewer can be factored; more cost the registry more than they are worth, and anybody may bring them.
    private static let rsaBits = 2048...8192

    init(_ key: SignedDocument.Signature.Key) throws(SignatureRefusal) {
        let found: VerificationKey?
        switch key {
        case .jwk(let key): found = Self(jwk: key)
        case .certificates(let chain): found = chain.first.flatMap { Self(certificate: $0) }
        }
        guard let found, found.isStrong else { throw .keyInvalid }
        self = found
        if case .jwk(let key) = key, let kid = key.kid, kid != id { throw .keyIDDiffers }
    }

    private init?(jwk key: JSONWebKey) {
        switch (key.kty, key.crv) {
        case ("EC", "P-256"):
            guard let key = try? P256.Signing.PublicKey(rawRepresentation: key.point(length: 32) ?? []) else { return nil }
            self = .p256(key)
        case ("EC", "P-384"):
            guard let key = try? P384.Signing.PublicKey(rawRepresentation: key.point(length: 48) ?? []) else { return nil }
            self = .p384(key)
        case ("EC", "P-521"):
            guard let key = try? P521.Signing.PublicKey(rawRepresentation: key.point(length: 66) ?? []) else { return nil }
            self = .p521(key)
        case ("RSA", nil):
            // The exponent is bounded because it is what a verification costs.
            guard let n = key.n, let e = key.e?.drop(while: { $0 == 0 }), n.count <= Self.rsaBits.upperBound / 8 + 1, e.count <= 4,
                let key = try? _RSA.Signing.PublicKey(n: n, e: Array(e))
            else { return nil }
            self = .rsa(key)
        default: return nil
        }
    }

    private init?(certificate: [UInt8]) {
        guard let key = (try? Certificate(derEncoded: certificate))?.publicKey else { return nil }
        if let key = P256.Signing.PublicKey(key) {
            self = .p256(key)
        } else if let key = P384.Signing.PublicKey(key) {
            self = .p384(key)
        } else if let key = P521.Signing.PublicKey(key) {
            self = .p521(key)
        } else if let key = _RSA.Signing.PublicKey(key) {
            self = .rsa(key)
        } else {
            return nil
        }
    }

    private var isStrong: Bool {
        guard case .rsa(let key) = self else { return true }
        return Self.rsaBits.contains(key.keySizeInBits)
    }

    var id: String {
        switch self {
        case .p256(let key): KeyID.of(key.derRepresentation)
        case .p384(let key): KeyID.of(key.derRepresentation)
        case .p521(let key): KeyID.of(key.derRepresentation)
        case .rsa(let key): KeyID.of(key.derRepresentation)
        }
    }
}

extension JSONWebKey {
    /// Both coordinates behind each other; nil unless they have the curve's length.
    fileprivate func point(length: Int) -> [UInt8]? {
        guard let x, let y, x.count == length, y.count == length else { return nil }
        return x + y
    }
}

import Crypto
import FoundationEssentials

/// The public half of a key as JSON has it (RFC 7517; RFC 7518 §6; RFC 8037 §2). What else may stand there is not read.
struct JSONWebKey: Codable, Hashable {
    /// What is signed with a key is told by the key alone, so each has one algorithm.
    enum Kind: String {
        case es256 = "ES256"
        case es384 = "ES384"
        case rs256 = "RS256"
        case edDSA = "EdDSA"
    }

    let kty: String
    var use: String?
    var alg: String?
    var kid: String?
    var crv: String?
    var x: String?
    var y: String?
    var n: String?
    var e: String?

    /// Nil for keys that are of no use here: other curves, symmetric ones, those for encryption.
    var kind: Kind? {
        let kind: Kind? =
            switch (kty, crv) {
            case ("EC", "P-256"): .es256
            case ("EC", "P-384"): .es384
            case ("RSA", _): .rs256
            case ("OKP", "Ed25519"): .edDSA
            default: nil
            }
        guard use ?? "sig" == "sig", let kind, alg ?? kind.rawValue == kind.rawValue else { return nil }
        return kind
    }

    /// RFC 7638: the sum of the required fields in the order of the alphabet.
    var thumbprint: String {
        let fields = [("crv", crv), ("e", e), ("kty", kty), ("n", n), ("x", x), ("y", y)]
        let text = fields.compactMap { name, value in value.map { "\"\(name)\":\"\($0)\"" } }.joined(separator: ",")
        return Base64URLText.encode(SHA256.hash(data: Data("{\(text)}".utf8)))
    }
}

extension JSONWebKey {
    init(_ key: P256.Signing.PublicKey) { self.init(curve: "P-256", point: key.rawRepresentation) }

    init(curve: String, point: Data) {
        kty = "EC"
        crv = curve
        x = Base64URLText.encode(point.prefix(point.count / 2))
        y = Base64URLText.encode(point.suffix(point.count / 2))
    }

    init(edwards point: Data) {
        kty = "OKP"
        crv = "Ed25519"
        x = Base64URLText.encode(point)
    }

    init(modulus: Data, exponent: Data) {
        kty = "RSA"
        n = Base64URLText.encode(modulus.drop { $0 == 0 })
        e = Base64URLText.encode(exponent.drop { $0 == 0 })
    }
}

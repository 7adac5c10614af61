import Crypto
import CryptoExtras
import FoundationEssentials

extension VerificationKey {
    /// - Parameters:
    ///   - algorithm: of JWS (RFC 7518 §3.1); each curve goes with one of them.
    ///   - input: what was signed.
    func verify(_ signature: [UInt8], over input: Data, algorithm: String) throws(SignatureRefusal) {
        let isRight: Bool
        switch (algorithm, self) {
        case ("ES256", .p256(let key)):
            isRight = (try? P256.Signing.ECDSASignature(rawRepresentation: signature)).map { key.isValidSignature($0, for: input) } ?? false
        case ("ES384", .p384(let key)):
            isRight = (try? P384.Signing.ECDSASignature(rawRepresentation: signature)).map { key.isValidSignature($0, for: input) } ?? false
        case ("ES512", .p521(let key)):
            isRight = (try? P521.Signing.ECDSASignature(rawRepresentation: signature)).map { key.isValidSignature($0, for: input) } ?? false
        case ("RS256", .rsa(let key)): isRight = key.verifies(signature, SHA256.hash(data: input))
        case ("RS384", .rsa(let key)): isRight = key.verifies(signature, SHA384.hash(data: input))
        case ("RS512", .rsa(let key)): isRight = key.verifies(signature, SHA512.hash(data: input))
        case ("ES256", _), ("ES384", _), ("ES512", _), ("RS256", _), ("RS384", _), ("RS512", _): throw .keyInvalid
        default: throw .algorithmUnknown
        }
        guard isRight else { throw .signatureWrong }
    }
}

extension _RSA.Signing.PublicKey {
    /// PKCS #1 v1.5 is what JWS has for RS256 and its kin; it is insecure for encryption, not for signatures.
    fileprivate func verifies(_ signature: [UInt8], _ digest: some Digest) -> Bool {
        isValidSignature(_RSA.Signing.RSASignature(rawRepresentation: signature), for: digest, padding: .insecurePKCS1v1_5)
    }
}

import Crypto
import FoundationEssentials
import JWTKit

extension VerificationKeySet {
    /// Public keys (`PUBLIC KEY`, `RSA PUBLIC KEY`) and certificates, of which only the key counts: neither name nor end.
    ///
    /// - Throws: ``KeyFileRefusal``.
    public init(pem: [UInt8]) async throws {
        guard pem.count <= Self.fileLimit else { throw KeyFileRefusal.tooLarge }
        guard let text = String(validating: pem, as: UTF8.self) else { throw KeyFileRefusal.malformed }
        var keys: [VerificationKey] = []
        for block in try PEMBlock.blocks(of: text) {
            guard keys.count < Self.countLimit else { throw KeyFileRefusal.tooManyKeys }
            keys.append(try await VerificationKey(try block.key(), name: nil))
        }
        try self.init(keys)
    }
}

/// One text between `BEGIN` and `END`.
private struct PEMBlock {
    let label: Substring
    let text: String

    /// What stands between blocks is not read.
    static func blocks(of text: String) throws -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var lines: [Substring] = []
        var label: Substring?
        for line in text.split(whereSeparator: \.isNewline) {

            if let begun = line.label(after: "-----BEGIN ") {
                guard label == nil else { throw KeyFileRefusal.malformed }
                label = begun
                lines = []
            }
            guard let begun = label else { continue }
            lines.append(line)
            if let ended = line.label(after: "-----END ") {
                guard ended == begun else { throw KeyFileRefusal.malformed }
                blocks.append(PEMBlock(label: begun, text: lines.joined(separator: "\n")))
                label = nil
            }
        }
        guard label == nil else { throw KeyFileRefusal.malformed }
        return blocks
    }

    func key() throws -> JSONWebKey {
        switch label {
        case "CERTIFICATE": return try certifiedKey()
        case "PUBLIC KEY", "RSA PUBLIC KEY": return try publicKey()
        case let label where label.hasSuffix("PRIVATE KEY"): throw KeyFileRefusal.privateKey
        default: throw KeyFileRefusal.keyUnusable
        }
    }

    private func publicKey() throws -> JSONWebKey {
        if let key = try? P256.Signing.PublicKey(pemRepresentation: text) { return JSONWebKey(key) }
        if let key = try? P384.Signing.PublicKey(pemRepresentation: text) {
            return JSONWebKey(curve: "P-384", point: key.rawRepresentation)
        }
        if let key = try? EdDSA.PublicKey(pem: text) { return JSONWebKey(edwards: key.rawRepresentation) }
        return try JSONWebKey(rsa: JWTKit.Insecure.RSA.PublicKey(pem: text))
    }

    private func certifiedKey() throws -> JSONWebKey {
        if let key = try? ES256PublicKey(certificate: text), let point = key.point { return JSONWebKey(curve: "P-256", point: point) }
        if let key = try? ES384PublicKey(certificate: text), let point = key.point { return JSONWebKey(curve: "P-384", point: point) }
        return try JSONWebKey(rsa: JWTKit.Insecure.RSA.PublicKey(certificatePEM: text))
    }
}

extension JSONWebKey {
    fileprivate init(rsa key: @autoclosure () throws -> JWTKit.Insecure.RSA.PublicKey) throws(KeyFileRefusal) {
        guard let numbers = try? key().getKeyPrimitives() else { throw .keyUnusable }
        self.init(modulus: numbers.modulus, exponent: numbers.publicExponent)
    }
}

extension ECDSA.PublicKey {
    fileprivate var point: Data? {
        guard let parameters, let x = Data(base64Encoded: parameters.x), let y = Data(base64Encoded: parameters.y) else { return nil }
        return x + y
    }
}

extension Substring {
    fileprivate func label(after mark: String) -> Substring? {
        hasPrefix(mark) && hasSuffix("-----") ? dropFirst(mark.count).dropLast(5) : nil
    }
}

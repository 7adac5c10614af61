import Crypto
import FoundationEssentials

/// Signs and checks bytes with HMAC-SHA256 (RFC 2104) for one purpose: what was signed for another is not valid, though the key is the
/// same.
public struct Signer: Sendable {
    /// Bytes that a key has at the least: as many as the hash (RFC 2104 §3).
    public static let keyMinimum = 32

    private let key: SymmetricKey

    /// - Parameters:
    ///   - key: The master key. Each purpose gets a key of its own, derived with HKDF (RFC 5869).
    ///   - purpose: What signatures are for, as "repository token". Part of what they mean: another text makes all of them invalid.
    /// - Returns: Nil if the key is shorter than ``keyMinimum``.
    public init?(key: [UInt8], purpose: String) {
        guard key.count >= Self.keyMinimum else { return nil }
        self.key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Array("wharf \(purpose)".utf8), outputByteCount: SHA256.byteCount)
    }

    /// 32 bytes.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    }

    /// Whether `signature` is the whole signature of `message`, in a time that does not tell how much of it is right.
    public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        SecretBytes.areEqual(signature, sign(message))
    }
}

import Crypto
import FoundationEssentials

/// An API key as its owner holds it: `wharf_`, sixteen digits by which it is looked up, and a secret of 32 random bytes.
///
/// Only ``lookup`` and ``digest`` are stored. A plain hash is enough, because nobody can try 2²⁵⁶ secrets.
public struct APIKeyText: Sendable, Equatable {
    static let prefix = "wharf_"
    /// Ten bytes, five bits a digit: two of a million keys share a lookup with a chance of one in 10¹².
    static let lookupLength = 16
    static let secretLength = 52

    /// The whole key, which is shown once.
    public let text: String
    /// The part by which its row is found; no secret.
    public let lookup: String

    /// Nil unless `text` has exactly the form of a key; whether there is such a key is not asked.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.prefix.utf8.count + Self.lookupLength + Self.secretLength, text.hasPrefix(Self.prefix) else {
            return nil
        }
        let digits = text.dropFirst(Self.prefix.count)
        let lookup = digits.prefix(Self.lookupLength)
        guard BitDigits.base32.decode(lookup) != nil, BitDigits.base32.decode(digits.dropFirst(Self.lookupLength)) != nil else {
            return nil
        }
        self.text = String(text)
        self.lookup = String(lookup)
    }

    private init(lookup: [UInt8], secret: [UInt8]) {
        self.lookup = BitDigits.base32.encode(lookup)
        text = Self.prefix + self.lookup + BitDigits.base32.encode(secret)
    }

    /// A new key.
    public static func make() -> APIKeyText {
        APIKeyText(lookup: SecretBytes.random(10), secret: SecretBytes.random(32))
    }

    /// SHA-256 of the whole text: what is stored.
    public var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Whether this is the key of which `digest` was stored, in a time that does not tell how much of it is right.
    public func matches(digest: [UInt8]) -> Bool { SecretBytes.areEqual(digest, self.digest) }
}

extension APIKeyText: CustomStringConvertible {
    /// Without the secret: this may come into a log.
    public var description: String { "\(Self.prefix)\(lookup)…" }
}

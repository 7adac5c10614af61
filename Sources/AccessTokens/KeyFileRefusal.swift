/// Why a file of keys is not taken.
public enum KeyFileRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case tooLarge
    /// Neither a JWK set nor PEM.
    case malformed
    case noKey
    case tooManyKeys
    /// A key of another kind than ES256, ES384, RS256 (from 2048 bits on) and EdDSA, or none at all.
    case keyUnusable
    /// The secret half has no business here.
    case privateKey
    /// Two keys have one name.
    case nameTwice

    public var description: String {
        switch self {
        case .tooLarge: "the file is larger than 1 MiB"
        case .malformed: "the file is neither a JWK set nor PEM"
        case .noKey: "the file has no key for ES256, ES384, RS256 or EdDSA"
        case .tooManyKeys: "the file has more than 100 keys"
        case .keyUnusable: "a key in the file is none for ES256, ES384, RS256 (2048 bits or more) or EdDSA"
        case .privateKey: "the file has a private key: it should hold public ones only"
        case .nameTwice: "two keys in the file have the same kid"
        }
    }
}

/// Why a token is not taken. For the log: a client is told only that it is not.
public enum TokenRefusal: Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Longer than ``TokenText/lengthLimit``.
    case tooLong
    /// Not three parts of base64url, or no JSON in them, or a claim that is missing or of another kind.
    case malformed
    /// It has an extension that has to be understood (RFC 7515 §4.1.11); none is.
    case critical
    /// It is signed by none of the keys that are trusted, as far as it says.
    case keyUnknown
    /// Its algorithm is not the one that the key is for.
    case algorithm
    case signature
    case issuer
    case audience
    case expired
    case notYetValid
    /// More than ``TokenVerifier/scopeLimit``.
    case tooManyScopes

    public var description: String {
        switch self {
        case .tooLong: "the token is too long"
        case .malformed: "the token is malformed"
        case .critical: "the token has an extension that is not understood"
        case .keyUnknown: "the token is signed by an unknown key"
        case .algorithm: "the token's algorithm is not that of its key"
        case .signature: "the token's signature is wrong"
        case .issuer: "the token is from another issuer"
        case .audience: "the token is for another service"
        case .expired: "the token is over"
        case .notYetValid: "the token is not valid yet"
        case .tooManyScopes: "the token has too many scopes"
        }
    }
}

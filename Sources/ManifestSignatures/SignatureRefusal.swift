/// Why the signatures of a document do not hold.
public enum SignatureRefusal: Error, Hashable, Sendable {
    /// An algorithm that is none of ES256, ES384, ES512, RS256, RS384 and RS512.
    case algorithmUnknown
    /// A key that cannot be read, or not one for the algorithm, or RSA's with less than 2,048 or more than 8,192 bits.
    case keyInvalid
    /// The key says that it has another id than it has.
    case keyIDDiffers
    /// The signature was not made with this key over this document.
    case signatureWrong
}

extension SignatureRefusal: CustomStringConvertible {
    /// One sentence for the person who pushed, without a capital and a full stop.
    public var description: String {
        switch self {
        case .algorithmUnknown: "a signature of the manifest is of an unknown algorithm"
        case .keyInvalid: "the key of one of the manifest's signatures is not valid"
        case .keyIDDiffers: "the key of one of the manifest's signatures has another id than it says"
        case .signatureWrong: "a signature does not match the manifest"
        }
    }
}

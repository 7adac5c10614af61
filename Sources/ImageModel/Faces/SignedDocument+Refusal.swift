extension SignedDocument {
    /// Why a document is no signed one.
    public enum Refusal: Error, Hashable, Sendable {
        case notJSON, notUnicode, tooDeep
        case duplicateKey(String)
        /// A key that differs from a known one in case only, which readers take differently.
        case ambiguousKey(String)
        case notAnObject
        /// No `signatures`, or none in them.
        case unsigned
        case tooManySignatures(limit: Int)
        /// Something stands behind the signatures, or they stand alone.
        case signaturesNotLast
        /// A signature that is not as libtrust writes it.
        case signature(String)
        /// A protected header that is no JSON in base64url, or lacks what it has to say.
        case protected(String)
        /// The protected headers differ in what they sign.
        case formatsDiffer
        /// Does not point to the end of the member before the signatures.
        case formatLength
        /// Is not the end of an object.
        case formatTail
    }
}

extension SignedDocument.Refusal: KeyRefusal {
    init(_ fault: JSONFault) {
        switch fault {
        case .notJSON: self = .notJSON
        case .notUnicode: self = .notUnicode
        case .tooDeep: self = .tooDeep
        case .duplicateKey(let key): self = .duplicateKey(key)
        }
    }
}

extension SignedDocument.Refusal: CustomStringConvertible {
    /// One sentence for the person who pushed, without a capital and a full stop.
    public var description: String {
        switch self {
        case .notJSON: "the manifest is not valid JSON"
        case .notUnicode: "the manifest has text that is not valid Unicode"
        case .tooDeep: "the manifest is nested too deeply"
        case .duplicateKey(let key): "the manifest has the key \"\(key)\" twice in one object"
        case .ambiguousKey(let key): "the manifest has the key \"\(key)\", which differs from a known key in case only"
        case .notAnObject: "the manifest is not a JSON object"
        case .unsigned: "the manifest has no signatures"
        case .tooManySignatures(let limit): "the manifest has more than \(limit) signatures"
        case .signaturesNotLast: "the manifest's signatures do not stand at its end"
        case .signature(let path): "\(path) is not a signature with a key"
        case .protected(let path): "\(path) is not a header that says what is signed"
        case .formatsDiffer: "the manifest's signatures do not sign the same"
        case .formatLength: "the manifest's signatures do not sign all that stands before them"
        case .formatTail: "the manifest's signatures sign an end that it cannot have"
        }
    }
}

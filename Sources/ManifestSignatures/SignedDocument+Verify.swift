import FoundationEssentials
public import ImageModel

extension SignedDocument {
    /// Checks that every signature was made with the key that it brings along. Whose key that is nobody asks: engines 1.3 to 1.9 sign with
    /// a key that they make themselves (v1.md §10.5).
    ///
    /// - Returns: the keys' ids, in the order of the signatures.
    @discardableResult public func verify() throws(SignatureRefusal) -> [String] {
        // The payload is the long part, and the same for all.
        let payload = Self.base64URL(payload)
        var ids: [String] = []
        for signature in signatures {
            let key = try VerificationKey(signature.key)
            try key.verify(signature.signature, over: Data("\(signature.protected).\(payload)".utf8), algorithm: signature.algorithm)
            ids.append(key.id)
        }
        return ids
    }
}

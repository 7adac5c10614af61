/// A JSON document with libtrust's signatures in it (v1.md §10.4): its last member, `signatures`, says what the document was without it.
///
/// Reading one says nothing of whether the signatures are right; `verify()` of ManifestSignatures does.
public struct SignedDocument: Sendable {
    public struct Signature: Sendable, Equatable {
        /// What the signature says it was made with; it may be anybody's.
        public enum Key: Sendable, Equatable {
            case jwk(JSONWebKey)
            /// DER, the leaf first; at least one.
            case certificates([[UInt8]])
        }

        /// As in JWS, such as `ES256`.
        public let algorithm: String
        public let key: Key
        public let signature: [UInt8]
        /// The protected header as it was signed, in base64url.
        public let protected: String
        /// The whole signature as it stands in the document.
        public let json: [UInt8]
    }

    /// How many signatures a document may have; each costs a hash of all of it.
    public static let signatureLimit = 16

    /// What is signed: the document as it was before the signatures were put in.
    public let payload: [UInt8]
    /// At least one.
    public let signatures: [Signature]

    /// The digest under which registries know the document, signatures or not.
    public var digest: Digest { Digest.of(payload, .sha256) }

    /// Reads a document strictly; the caller limits the length.
    ///
    /// - Throws: ``Refusal``, unless the payload and the signatures are all that the document has: what nobody signed must not stand in it.
    public init(_ document: [UInt8]) throws(Refusal) {
        let place = try SignaturesPlace(in: document)
        let protected = try ProtectedHeader.common(of: place.signatures)
        guard place.allowedLengths.contains(protected.formatLength) else { throw .formatLength }
        guard Self.isEnd(protected.formatTail) else { throw .formatTail }
        payload = document[..<protected.formatLength] + protected.formatTail
        signatures = place.signatures
    }

    /// What is signed, by JWS: the protected header, a dot, and the payload in base64url.
    public func signingInput(_ signature: Signature) -> [UInt8] { Self.signingInput(signature.protected, payload: payload) }

    public static func signingInput(_ protected: String, payload: [UInt8]) -> [UInt8] {
        Array("\(protected).\(base64URL(payload))".utf8)
    }

    /// RFC 4648 §5 without padding.
    public static func base64URL(_ bytes: some Sequence<UInt8>) -> String { Base64URL.encode(Array(bytes)) }

    private static func isEnd(_ tail: [UInt8]) -> Bool {
        tail.filter { !$0.isJSONBlank } == [UInt8(ascii: "}")]
    }
}

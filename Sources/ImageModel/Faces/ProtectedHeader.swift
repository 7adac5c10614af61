/// What a signature says that it signs (v1.md §10.4.3).
struct ProtectedHeader: Equatable {
    /// How many bytes at the document's beginning are of the payload.
    let formatLength: Int
    /// The bytes of the payload behind those.
    let formatTail: [UInt8]

    private enum Key: String, KnownKey {
        case formatLength, formatTail
        static let folded = fold()
    }

    /// The one header of all signatures, whatever times they have.
    static func common(of signatures: [SignedDocument.Signature]) throws(SignedDocument.Refusal) -> ProtectedHeader {
        var common: ProtectedHeader?
        for (index, signature) in signatures.enumerated() {
            let header = try ProtectedHeader(signature.protected, at: "signatures[\(index)].protected")
            guard common == nil || common == header else { throw .formatsDiffer }
            common = header
        }
        guard let common else { throw .unsigned }
        return common
    }

    private init(_ text: String, at path: String) throws(SignedDocument.Refusal) {
        guard let json = Base64URL.decode(text) else { throw .protected(path) }
        var reader = JSONReader<SignedDocument.Refusal>(json)
        var length: Int64?
        var tail: String?
        let isObject = try reader.members { (reader, name) throws(SignedDocument.Refusal) in
            switch try reader.known(name, Key.self) {
            case .formatLength: length = try reader.integer()
            case .formatTail: tail = try reader.string()
            case nil: try reader.skip()
            }
        }
        try reader.end()
        guard isObject, let length = length.flatMap({ Int(exactly: $0) }), let tail = tail.flatMap({ Base64URL.decode($0) }) else {
            throw .protected(path)
        }
        formatLength = length
        formatTail = tail
    }
}

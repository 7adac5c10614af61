/// Where the signatures stand in a signed document, and what they are.
struct SignaturesPlace {
    let signatures: [SignedDocument.Signature]
    /// Where the part of the payload may end that stands in the document: behind the member before the signatures, and before the comma.
    let allowedLengths: ClosedRange<Int>

    private enum Key: String, KnownKey {
        case signatures
        static let folded = fold()
    }

    init(in document: [UInt8]) throws(SignedDocument.Refusal) {
        var reader = JSONReader<SignedDocument.Refusal>(document)
        var signatures: [SignedDocument.Signature]?
        var memberEnd: Int?
        var isLast = false
        guard
            try reader.members({ (reader, name) throws(SignedDocument.Refusal) in
                guard try reader.known(name, Key.self) != nil else {
                    isLast = false
                    try reader.skip()
                    if signatures == nil { memberEnd = reader.position }
                    return
                }
                isLast = true
                signatures = try reader.signatures(at: Key.signatures.rawValue)
            })
        else { throw .notAnObject }
        try reader.end()
        guard let signatures, !signatures.isEmpty else { throw .unsigned }
        guard isLast, let memberEnd, let comma = document[memberEnd...].firstIndex(of: UInt8(ascii: ",")) else { throw .signaturesNotLast }
        self.signatures = signatures
        allowedLengths = memberEnd...comma
    }
}

extension JSONReader<SignedDocument.Refusal> {
    fileprivate mutating func signatures(at path: String) throws(Refusal) -> [SignedDocument.Signature] {
        var signatures: [SignedDocument.Signature] = []
        if try null() { return [] }
        let isList = try elements { (reader) throws(Refusal) in
            guard signatures.count < SignedDocument.signatureLimit else {
                throw .tooManySignatures(limit: SignedDocument.signatureLimit)
            }
            signatures.append(try SignedDocument.Signature(reader.raw(), at: "\(path)[\(signatures.count)]"))
        }
        guard isList else { throw .signature(path) }
        return signatures
    }
}

extension SignedDocument.Signature {
    /// Members are read by their exact names; a key under both names, or under none, is no key.
    fileprivate init(_ json: [UInt8], at path: String) throws(SignedDocument.Refusal) {
        guard let members = (try? RawObject(json)) ?? nil, let header = members.object("header"), let algorithm = header.text("alg"),
            let signature = members.text("signature").flatMap({ Base64URL.decode($0) }), !signature.isEmpty,
            let protected = members.text("protected"), let key = Key(header)
        else { throw .signature(path) }
        self.algorithm = algorithm
        self.key = key
        self.signature = signature
        self.protected = protected
        self.json = json
    }
}

extension SignedDocument.Signature.Key {
    fileprivate init?(_ header: RawObject) {
        switch (header["jwk"], header["x5c"]) {
        case (_?, nil):
            guard let key = header.object("jwk").flatMap({ JSONWebKey($0) }) else { return nil }
            self = .jwk(key)
        case (nil, _?):
            guard let chain = header.texts("x5c"), !chain.isEmpty, chain.count <= 16 else { return nil }
            let certificates = chain.compactMap { Base64URL.decodePadded($0) }
            guard certificates.count == chain.count else { return nil }
            self = .certificates(certificates)
        default: return nil
        }
    }
}

extension RawObject {
    /// The texts of an array of strings; nil for any other value.
    fileprivate func texts(_ name: String) -> [String]? {
        guard let elements = elements(name) else { return nil }
        let texts = elements.compactMap { element in
            var reader = JSONReader<JSONFault>(element)
            return (try? reader.string()) ?? nil
        }
        return texts.count == elements.count ? texts : nil
    }
}

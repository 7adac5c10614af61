extension Manifest {
    /// Why a document is no manifest that a registry takes. Paths name the place in the document: `layers[2]`, `subject`.
    public enum Refusal: Error, Hashable, Sendable {
        case notJSON
        /// Bytes that are no UTF-8, or an escape of half a surrogate pair, which readers replace in different ways.
        case notUnicode
        /// Objects and arrays within each other, more than 100.
        case tooDeep
        /// A key twice in one object: readers differ in which of them counts.
        case duplicateKey(String)
        /// A key that differs from a known one in case only: some readers take it for that one.
        case ambiguousKey(String)
        case notAnObject
        case schemaVersion
        /// A manifest of Docker's schema 1.
        case schema1
        /// The `mediaType` of the document itself is no media type.
        case mediaType
        case mediaTypeMismatch(document: MediaType, contentType: MediaType)
        /// A type as which a browser or another program might do something with the document.
        case activeType(MediaType)
        /// Fields of more than one kind of manifest, such as `layers` and `manifests`.
        case ambiguousShape
        /// Fields of no kind of manifest.
        case unknownShape
        /// A field is missing that every manifest of this shape has.
        case missing(String)
        /// The document is of another shape than its type says.
        case contradicts(MediaType)
        /// The `artifactType` here is no media type.
        case artifactType(String)
        case annotations(String)
        /// No array of descriptors.
        case list(String)
        case tooManyDescriptors(limit: Int)
        /// No object, or without `mediaType`, `digest` or `size`, or a field that is not what it has to be.
        case descriptor(String)
        case digest(String)
        case size(String)
        /// The embedded `data` is no base64, or not what digest and size say.
        case data(String)
        case platform(String)
    }
}

extension Manifest.Refusal: JSONRefusal {
    init(_ fault: JSONFault) {
        switch fault {
        case .notJSON: self = .notJSON
        case .notUnicode: self = .notUnicode
        case .tooDeep: self = .tooDeep
        case .duplicateKey(let key): self = .duplicateKey(key)
        }
    }
}

extension Manifest.Refusal: CustomStringConvertible {
    /// One sentence for the person who pushed, without a capital and a full stop, as it stands in an error's message.
    public var description: String {
        switch self {
        case .notJSON: "the manifest is not valid JSON"
        case .notUnicode: "the manifest has text that is not valid Unicode"
        case .tooDeep: "the manifest is nested too deeply"
        case .duplicateKey(let key): "the manifest has the key \"\(key)\" twice in one object"
        case .ambiguousKey(let key): "the manifest has the key \"\(key)\", which differs from a known key in case only"
        case .notAnObject: "the manifest is not a JSON object"
        case .schemaVersion: "the manifest's schemaVersion is not 2"
        case .schema1: "manifests of schema 1 are not supported"
        case .mediaType: "the manifest's mediaType is not a media type"
        case .mediaTypeMismatch(let document, let contentType):
            "the manifest's mediaType is \(document), but the request's Content-Type is \(contentType)"
        case .activeType(let type): "\(type) is not a type of JSON documents, which manifests are"
        case .ambiguousShape: "the manifest has fields of more than one kind of manifest"
        case .unknownShape: "the manifest is neither an image nor an index nor an artifact"
        case .missing(let field): "the manifest has no \(field)"
        case .contradicts(let type): "the manifest is not of the type \(type) that it is declared to be"
        case .artifactType(let path): "\(path) is not a media type"
        case .annotations(let path): "\(path) is not an object of strings"
        case .list(let path): "\(path) is not a list of descriptors"
        case .tooManyDescriptors(let limit): "the manifest has more than \(limit) descriptors"
        case .descriptor(let path): "\(path) is not a valid descriptor"
        case .digest(let path): "\(path) has no valid digest of a known algorithm"
        case .size(let path): "\(path) has no valid size"
        case .data(let path): "the data of \(path) does not match its digest and size"
        case .platform(let path): "the platform of \(path) is not valid"
        }
    }
}

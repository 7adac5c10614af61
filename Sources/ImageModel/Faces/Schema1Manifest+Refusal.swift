extension Schema1Manifest {
    /// Why a document is no manifest of schema 1. A path names the place, such as `history[2]`.
    public enum Refusal: Error, Hashable, Sendable {
        case notJSON, notUnicode, tooDeep
        case duplicateKey(String)
        /// A key that differs from a known one in case only, which readers take differently.
        case ambiguousKey(String)
        case notAnObject
        case schemaVersion
        /// A `mediaType` of another kind of manifest.
        case mediaType
        /// A member that only another kind of manifest has.
        case ambiguous(String)
        case missing(String)
        /// `fsLayers` or `history` is no list of objects that each have the one text.
        case list(String)
        case digest(String)
        /// A `v1Compatibility` that is no JSON object.
        case document(String)
        case countsDiffer(layers: Int, history: Int)
        case tooManyLayers(limit: Int)
    }
}

extension Schema1Manifest.Refusal: KeyRefusal {
    init(_ fault: JSONFault) {
        switch fault {
        case .notJSON: self = .notJSON
        case .notUnicode: self = .notUnicode
        case .tooDeep: self = .tooDeep
        case .duplicateKey(let key): self = .duplicateKey(key)
        }
    }
}

extension Schema1Manifest.Refusal: CustomStringConvertible {
    /// One sentence for the person who pushed, without a capital and a full stop.
    public var description: String {
        switch self {
        case .notJSON: "the manifest is not valid JSON"
        case .notUnicode: "the manifest has text that is not valid Unicode"
        case .tooDeep: "the manifest is nested too deeply"
        case .duplicateKey(let key): "the manifest has the key \"\(key)\" twice in one object"
        case .ambiguousKey(let key): "the manifest has the key \"\(key)\", which differs from a known key in case only"
        case .notAnObject: "the manifest is not a JSON object"
        case .schemaVersion: "the manifest's schemaVersion is not 1"
        case .mediaType: "the manifest's mediaType is not that of schema 1"
        case .ambiguous(let key): "the manifest has \(key), which manifests of schema 1 have not"
        case .missing(let field): "the manifest has no \(field)"
        case .list(let path): "\(path) is not as schema 1 has it"
        case .digest(let path): "\(path) is not a sha256 digest"
        case .document(let path): "\(path) is not a JSON object"
        case .countsDiffer(let layers, let history): "the manifest has \(layers) layers, but \(history) entries of history"
        case .tooManyLayers(let limit): "the manifest has more than \(limit) layers"
        }
    }
}

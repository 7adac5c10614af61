extension Schema1Manifest {
    /// How many layers a manifest may have.
    public static let layerLimit = 10_000

    /// Reads a manifest from outside, strictly; the caller limits the length.
    ///
    /// - Parameter payload: the document without its signatures, ``SignedDocument/payload``.
    public init(payload: [UInt8]) throws(Refusal) {
        var fields = Fields()
        var reader = JSONReader<Refusal>(payload)
        guard
            try reader.members({ (reader, name) throws(Refusal) in
                guard let key = try reader.known(name, Key.self) else { return try reader.skip() }
                try fields.read(key, &reader)
            })
        else { throw .notAnObject }
        try reader.end()
        self = try fields.manifest()
    }

    private enum Key: String, KnownKey {
        case schemaVersion, name, tag, architecture, fsLayers, history
        case mediaType
        /// Cannot stand in what they sign.
        case signatures
        /// Of schema 2: a reader might take the document for one of those.
        case config, layers, manifests
        static let folded = fold()
    }

    private enum LayerKey: String, KnownKey {
        case blobSum
        static let folded = fold()
    }

    private enum HistoryKey: String, KnownKey {
        case v1Compatibility
        static let folded = fold()
    }

    private struct Fields {
        var isSchema1 = false
        var name: String?
        var tag: String?
        var architecture: String?
        var blobSums: [String]?
        var documents: [String]?

        mutating func read(_ key: Key, _ reader: inout JSONReader<Refusal>) throws(Refusal) {
            switch key {
            case .schemaVersion: isSchema1 = try reader.integer() == 1
            case .name: name = try reader.string()
            case .tag: tag = try reader.string()
            case .architecture: architecture = try reader.string()
            case .fsLayers: blobSums = try reader.texts(LayerKey.blobSum, at: key.rawValue)
            case .history: documents = try reader.texts(HistoryKey.v1Compatibility, at: key.rawValue)
            case .mediaType:
                guard let type = try reader.string().flatMap({ MediaType($0) }), type.isSchema1 else { throw .mediaType }
            case .signatures: throw .list(key.rawValue)
            case .config, .layers, .manifests: throw .ambiguous(key.rawValue)
            }
        }

        func manifest() throws(Refusal) -> Schema1Manifest {
            guard isSchema1 else { throw .schemaVersion }
            guard let name else { throw .missing("name") }
            guard let tag else { throw .missing("tag") }
            guard let blobSums, !blobSums.isEmpty else { throw .missing("fsLayers") }
            guard let documents else { throw .missing("history") }
            guard blobSums.count == documents.count else { throw .countsDiffer(layers: blobSums.count, history: documents.count) }
            var entries: [Entry] = []
            for (index, (blobSum, document)) in zip(blobSums, documents).enumerated() {
                guard let digest = Digest(blobSum), digest.algorithm == .sha256 else { throw .digest("fsLayers[\(index)].blobSum") }
                do {
                    entries.append(try Entry(blobSum: digest, document: Array(document.utf8)))
                } catch {
                    throw .document("history[\(index)].v1Compatibility")
                }
            }
            return Schema1Manifest(name: name, tag: tag, architecture: architecture, entries: entries)
        }
    }
}

extension JSONReader<Schema1Manifest.Refusal> {
    /// The texts of a list of objects that have each this member.
    fileprivate mutating func texts<Key: KnownKey>(_ key: Key, at path: String) throws(Refusal) -> [String] {
        var texts: [String] = []
        let isList = try elements { (reader) throws(Refusal) in
            guard texts.count < Schema1Manifest.layerLimit else { throw .tooManyLayers(limit: Schema1Manifest.layerLimit) }
            let place = "\(path)[\(texts.count)]"
            var text: String?
            _ = try reader.members { (reader, name) throws(Refusal) in
                guard try reader.known(name, Key.self) == key else { return try reader.skip() }
                text = try reader.string()
            }
            guard let text else { throw .list(place) }
            texts.append(text)
        }
        guard isList else { throw .list(path) }
        return texts
    }
}

/// The fields of a manifest's document that matter, before anything is known of what they make together.
struct ManifestFields {
    private(set) var mediaType: MediaType?
    private(set) var artifactType: String?
    private(set) var config: DescriptorFields?
    private(set) var subject: DescriptorFields?
    private(set) var annotations: [UInt8]?
    private var schemaVersion: SchemaVersion?
    private var layers: [Descriptor] = []
    private var manifests: [Descriptor] = []
    private var blobs: [Descriptor] = []
    /// Every known key that the document has, with whatever value.
    private var present: Set<Key> = []

    enum Key: String, KnownKey {
        case schemaVersion, mediaType, artifactType, config, layers, manifests, blobs, subject, annotations
        /// Of schema 1, where the layers stand under this name.
        case fsLayers
        static let folded = fold()
    }

    private enum SchemaVersion { case one, two, other }

    init(_ bytes: [UInt8], descriptorLimit: Int) throws(Manifest.Refusal) {
        var reader = ManifestReader(bytes)
        var budget = DescriptorBudget(limit: descriptorLimit)
        guard
            try reader.members({ (reader, name) throws(Manifest.Refusal) in
                guard let key = try reader.known(name, Key.self) else { return try reader.skip() }
                present.insert(key)
                try read(key, &reader, &budget)
            })
        else { throw .notAnObject }
        try reader.end()
    }

    /// `null` and the empty text are what some tools write for what is absent, and `null` for a list without elements.
    private mutating func read(_ key: Key, _ reader: inout ManifestReader, _ budget: inout DescriptorBudget) throws(Manifest.Refusal) {
        switch key {
        case .schemaVersion:
            let version = try reader.integer()
            schemaVersion = version == 1 ? .one : version == 2 ? .two : .other
        case .mediaType:
            if try reader.null() { return }
            guard let text = try reader.string() else { throw .mediaType }
            mediaType = MediaType(plain: text)
            guard mediaType != nil || text.isEmpty else { throw .mediaType }
        case .artifactType: artifactType = try reader.artifactType(at: key.rawValue)
        case .config: config = try reader.descriptor(at: key.rawValue, &budget)
        case .subject: subject = try reader.descriptor(at: key.rawValue, &budget)
        case .layers: layers = try reader.descriptors(at: key.rawValue, &budget)
        case .manifests: manifests = try reader.descriptors(at: key.rawValue, &budget)
        case .blobs: blobs = try reader.descriptors(at: key.rawValue, &budget)
        case .annotations: annotations = try reader.annotations(at: key.rawValue)
        case .fsLayers: try reader.skip()
        }
    }
}

extension ManifestFields {
    /// What the fields make together, provided that they make one thing only and that it is what `type` says, if the type is a known one.
    func content(of type: MediaType?) throws(Manifest.Refusal) -> Manifest.Content {
        if type?.isSchema1 == true { throw .schema1 }
        let shapes: [Set<Key>] = [[.config, .layers], [.manifests], [.blobs], [.fsLayers]].filter { !present.isDisjoint(with: $0) }
        guard shapes.count <= 1 else { throw .ambiguousShape }
        guard let shape = shapes.first ?? (type == .ociArtifactManifest ? [.blobs] : nil) else {
            throw schemaVersion == .one ? .schema1 : schemaVersion == .two ? .unknownShape : .schemaVersion
        }
        if shape.contains(.fsLayers) { throw .schema1 }
        // The draft's artifact manifest has no version.
        guard schemaVersion == .two || schemaVersion == nil && shape.contains(.blobs) else { throw .schemaVersion }
        if let type, let expected = Self.shape(of: type), expected.isDisjoint(with: shape) { throw .contradicts(type) }

        if shape.contains(.manifests) { return .index(manifests) }
        if shape.contains(.blobs) { return .artifact(blobs: blobs) }
        guard let config else { throw .missing(Key.config.rawValue) }
        guard present.contains(.layers) else { throw .missing(Key.layers.rawValue) }
        return .image(config: config.descriptor, layers: layers)
    }

    private static func shape(of type: MediaType) -> Set<Key>? {
        switch type {
        case .ociManifest, .dockerManifest: [.config, .layers]
        case .ociIndex, .dockerManifestList: [.manifests]
        case .ociArtifactManifest: [.blobs]
        default: nil
        }
    }
}

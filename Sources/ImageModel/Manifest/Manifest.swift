/// What a registry reads of a manifest; the manifest itself is kept byte for byte, because its digest covers it.
///
/// Images, indexes and artifacts of OCI, and Docker's schema 2 with its lists. A manifest of an unknown type is taken for what its shape
/// says.
public struct Manifest: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
        /// Layers from the base up; there may be none.
        case image(config: Descriptor, layers: [Descriptor])
        /// Manifests and further indexes; there may be none.
        case index([Descriptor])
        /// Of the draft of OCI image 1.1.
        case artifact(blobs: [Descriptor])
    }

    /// How many descriptors a manifest may have, unless the configuration says otherwise.
    public static let defaultDescriptorLimit = 10_000

    /// The type as which the manifest was pushed; without one its own `mediaType`, and without that too OCI's type for its shape.
    public let mediaType: MediaType
    public let content: Content
    /// The manifest that this one says something about; it need not exist.
    public let subject: Descriptor?
    /// As a list of referrers has it: the manifest's own, else the type of an image's config, as written. An index without one has none.
    /// Source: OCI distribution specification, "Listing Referrers".
    public let artifactType: String?
    /// The JSON object with the manifest's own annotations, all of them strings, as it stands in the document. Nil if there are none.
    public let annotations: [UInt8]?

    /// Reads a manifest from outside, strictly; the caller limits the length of `bytes`.
    ///
    /// - Parameters:
    ///   - contentType: the type that the client declared. `application/json` says nothing and is taken as none.
    ///   - descriptorLimit: how many descriptors there may be, subject and config included.
    /// - Throws: ``Refusal``, the first reason found.
    public init(
        _ bytes: [UInt8], contentType: MediaType?, descriptorLimit: Int = Manifest.defaultDescriptorLimit
    ) throws(Refusal) {
        let fields = try ManifestFields(bytes, descriptorLimit: descriptorLimit)
        let declared = contentType == .json ? nil : contentType
        if let own = fields.mediaType, let declared, own != declared { throw .mediaTypeMismatch(document: own, contentType: declared) }
        let known = declared ?? fields.mediaType
        if let known, !known.isJSON { throw .activeType(known) }
        content = try fields.content(of: known)
        subject = fields.subject?.descriptor
        annotations = fields.annotations
        switch content {
        case .image:
            mediaType = known ?? .ociManifest
            artifactType = fields.artifactType ?? fields.config?.mediaTypeText
        case .index:
            mediaType = known ?? .ociIndex
            artifactType = fields.artifactType
        case .artifact:
            mediaType = known ?? .ociArtifactManifest
            artifactType = fields.artifactType
        }
    }
}

extension Manifest {
    /// Config and layers of an image, or an artifact's blobs, each digest once.
    public var blobs: [Descriptor] {
        switch content {
        case .image(let config, let layers): Self.distinct([config] + layers)
        case .index: []
        case .artifact(let blobs): Self.distinct(blobs)
        }
    }

    /// What an index lists, each digest once.
    public var children: [Descriptor] {
        guard case .index(let manifests) = content else { return [] }
        return Self.distinct(manifests)
    }

    /// Whether it is a container image: it has an image's config, every layer is a file system's, and it does not say that it is anything
    /// else. What platform the image is for, its config says.
    public var isRunnableImage: Bool {
        guard case .image(let config, let layers) = content, artifactType.flatMap({ MediaType($0) }) == config.mediaType else {
            return false
        }
        // Engine 1.10 does not name the type of its configs.
        guard config.mediaType.isImageConfig || mediaType == .dockerManifest && config.mediaType == .octetStream else { return false }
        return layers.allSatisfy { LayerKind($0.mediaType) != nil }
    }

    /// The id under which v1 knows a container image: its config's sha256 (v1.md §9.2). Nil for artifacts, indexes and other digests.
    public var v1ImageID: ImageID? {
        guard isRunnableImage, case .image(let config, _) = content, config.digest.algorithm == .sha256 else { return nil }
        return ImageID(config.digest.hex)
    }

    private static func distinct(_ descriptors: [Descriptor]) -> [Descriptor] {
        var seen: Set<Digest> = []
        return descriptors.filter { seen.insert($0.digest).inserted }
    }
}

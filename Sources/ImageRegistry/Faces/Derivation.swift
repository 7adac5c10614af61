import ImageModel
import NIOCore
import Storage

/// Makes one face of what was pushed. Layers are prepared first, each kept as soon as it is done; then one transaction adds the face.
///
/// What is made is a pure function of the origin, the kind and the label, so that two processes that derive at once make the same.
struct Derivation {
    let registry: Registry
    let name: RepositoryName
    let origin: Origin
    let kind: Face
    /// The tag, for manifests of schema 1, in which it stands; else empty.
    let label: String

    /// What a derivation has made, to be added in one transaction.
    struct Product {
        /// Blobs that Wharf has made and whose rows are still to be written.
        var landed: [(blob: LandedBlob, size: Int64)] = []
        /// Blobs that the repository is to show.
        var links: [Digest] = []
        let add: @Sendable (Catalog, Int64) throws -> FaceRow
    }

    private static let attempts = 3

    /// - Throws: ``RegistryError/conversionRefused(_:as:)`` when this cannot be; ``RegistryError/manifestUnknown`` when the origin has gone
    ///   meanwhile.
    func run() async throws -> FaceRow {
        for attempt in 1... {
            do {
                return try await add(try await product())
            } catch RegistryError.removalUnderway where attempt < Self.attempts {
                // A sweep came between a layer that nobody showed and this: it is made again.
                continue
            } catch {
                let origin = origin
                guard try await registry.read({ try $0.holds(origin) }) else { throw RegistryError.manifestUnknown }
                throw refusal(for: error) ?? error
            }
        }
        throw RegistryError.removalUnderway
    }

    /// What a client is told of an image that is there and cannot be shown so; nil for what is no fault of the image.
    private func refusal(for error: any Error) -> RegistryError? {
        let reason: ConversionRefusal
        switch error {
        case let refusal as ConversionRefusal: reason = refusal
        case RegistryError.layerExpandsTooFar(let limit): reason = .layerExpandsTooFar(limit: limit)
        case RegistryError.layerNeedsTooMuchMemory(let limit): reason = .layerNeedsTooMuchMemory(limit: limit)
        case RegistryError.blobUnknown: reason = .configInvalid("is not in this registry")
        default: return nil
        }
        return .conversionRefused(reason, as: kind)
    }

    private func product() async throws -> Product {
        switch (kind, origin.content) {
        case (.v1, .image): throw ConversionRefusal.notAnImage
        case (.v1, .manifest(_, let manifest)): try await v1(of: manifest)
        case (.docker, _), (.oci, _): try await manifest()
        case (.schema1, _): try await schema1()
        }
    }

    private func add(_ product: Product) async throws -> FaceRow {
        let time = registry.now()
        return try await registry.write { [origin, kind, label] catalog in
            guard try catalog.holds(origin) else { throw RegistryError.manifestUnknown }
            for (blob, size) in product.landed { try catalog.record(blob, size: size, isDerived: true, at: time) }
            for digest in product.links {
                guard try catalog.hasBlob(digest) else { throw RegistryError.removalUnderway }
                try catalog.link(digest, to: origin.repository, at: time)
            }
            let face = try product.add(catalog, time)
            try catalog.add(face, as: kind, of: origin, label: label)
            return face
        }
    }
}

extension Derivation {
    var layers: LayerPreparation { LayerPreparation(registry: registry) }

    /// Bytes that Wharf makes, such as a config, become a blob.
    func land(_ bytes: [UInt8]) async throws -> (blob: LandedBlob, size: Int64) {
        let digest = Digest.of(bytes, .sha256)
        let landed = try await registry.blobs.write { writer in
            try await writer.write([ByteBuffer(bytes: bytes)])
            return digest
        }
        return (landed, Int64(bytes.count))
    }

    /// The layers of what was pushed in v1 or as schema 1, base first, with their documents.
    func genuineChain() async throws -> [GenuineLink]? {
        switch origin.content {
        case .image(let id):
            let repository = origin.repository
            return try await registry.read { try $0.chain(id, repository: repository) }.map {
                GenuineLink(document: $0.document, layer: $0.layer, isThrowaway: false)
            }
        case .manifest(_, let manifest):
            guard manifest.mediaType.isSchema1 else { return nil }
            return try Schema1Manifest(signed: manifest.document).entries.reversed().map {
                GenuineLink(document: $0.document, layer: $0.blobSum, isThrowaway: $0.isThrowaway)
            }
        }
    }

    /// The image of an origin that has a config: that, and the layers, base first.
    func image() throws -> (config: Descriptor, layers: [Descriptor]) {
        guard case .manifest(_, let stored) = origin.content,
            let manifest = try? Manifest(stored.document, contentType: stored.mediaType, descriptorLimit: .max), manifest.isRunnableImage,
            case .image(let config, let layers) = manifest.content
        else { throw ConversionRefusal.notAnImage }
        return (config, layers)
    }

    func config(_ descriptor: Descriptor) async throws -> ImageConfig {
        let limit = registry.faces.configSize
        let (info, object) = try await registry.openBlob(descriptor.digest, of: name)
        guard info.size <= Int64(limit) else { throw ConversionRefusal.configTooLarge(limit: limit) }
        var bytes: [UInt8] = []
        for try await piece in object.bytes(in: 0..<object.size) { bytes += piece.readableBytesView }
        return try ImageConfig(bytes)
    }

    /// Whether the repository has the layer's bytes, which of a foreign layer it need not.
    func holds(_ layer: Descriptor) async throws -> Bool {
        let repository = origin.repository
        return try await registry.read { try $0.absent([layer.digest], as: .blob, in: repository).isEmpty }
    }

    /// The layer as gzip, base first, for faces that cannot say where else a layer may be had.
    ///
    /// - Parameter documents: for each layer what its payload sum begins with; nil: no sums are wanted.
    func prepare(_ layers: [Descriptor], documents: [[UInt8]]? = nil) async throws -> [PreparedLayer] {
        var prepared: [PreparedLayer] = []
        for (position, layer) in layers.enumerated() {
            guard try await holds(layer) else {
                throw LayerKind(layer.mediaType)?.isForeign == true
                    ? ConversionRefusal.foreignLayer(layer.digest) : ConversionRefusal.layerMissing(layer.digest)
            }
            prepared.append(
                try await self.layers.prepare(layer.digest, needsDiffID: false, document: documents?[position]))
        }
        return prepared
    }
}

extension Schema1Manifest {
    /// A manifest that was taken, signatures and all.
    init(signed document: [UInt8]) throws { try self.init(payload: try SignedDocument(document).payload) }

    /// The digests of its layers, each once.
    var layers: [Digest] {
        var seen: Set<Digest> = []
        return entries.map(\.blobSum).filter { seen.insert($0).inserted }
    }
}

/// An image of a chain that was pushed with its own document.
struct GenuineLink {
    let document: [UInt8]
    let layer: Digest
    /// Whether it changes no file, as schema 1 says of a history's entries without a layer.
    let isThrowaway: Bool
}

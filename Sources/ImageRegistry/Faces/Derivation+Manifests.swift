import ImageModel

extension Derivation {
    /// The image as a schema 2 or OCI manifest (v1.md §9.1).
    func manifest() async throws -> Product {
        guard let chain = try await genuineChain() else { return try await renamed() }
        var links: [V1ConfigLink] = []
        var descriptors: [LayerDescriptor] = []
        for link in chain {
            guard !link.isThrowaway else {
                links.append(V1ConfigLink(document: link.document, diffID: nil))
                continue
            }
            let layer = try await layers.prepare(link.layer, needsDiffID: true)
            links.append(V1ConfigLink(document: link.document, diffID: layer.diffID))
            descriptors.append(
                LayerDescriptor(kind: LayerKind(packing: .gzip, isForeign: false), digest: layer.gzip.digest, size: layer.gzip.size))
        }
        let config = try await land(try ImageConfig.document(of: links))
        return product(
            try document(config: (config.blob.digest, config.size), layers: descriptors), type: manifestType, landed: [config],
            links: [config.blob.digest] + descriptors.map(\.digest))
    }

    /// The same config and layers under the other family's types. What the other family has no word for becomes gzip; a foreign layer of which
    /// the repository has no bytes stays foreign.
    private func renamed() async throws -> Product {
        let (config, layers) = try image()
        var descriptors: [LayerDescriptor] = []
        var links = [config.digest]
        for layer in layers {
            guard let layerKind = LayerKind(layer.mediaType) else { throw ConversionRefusal.layerTypeUnknown(layer.mediaType) }
            let isHere = try await holds(layer)
            guard isHere || layerKind.isForeign else { throw ConversionRefusal.layerMissing(layer.digest) }
            if isHere, kind == .docker {
                let gzip = try await self.layers.prepare(layer.digest, needsDiffID: false).gzip
                let asGzip = LayerKind(packing: .gzip, isForeign: layerKind.isForeign)
                descriptors.append(LayerDescriptor(kind: asGzip, digest: gzip.digest, size: gzip.size, urls: layer.urls))
                links.append(gzip.digest)
            } else {
                guard layerKind.mediaType(kind) != nil else { throw ConversionRefusal.layerTypeUnknown(layer.mediaType) }
                descriptors.append(LayerDescriptor(kind: layerKind, digest: layer.digest, size: layer.size, urls: layer.urls))
                if isHere { links.append(layer.digest) }
            }
        }
        return product(
            try document(config: (config.digest, config.size), layers: descriptors), type: manifestType, landed: [], links: links)
    }

    private func document(config: (digest: Digest, size: Int64), layers: [LayerDescriptor]) throws -> [UInt8] {
        guard let document = Manifest.document(kind, config: config, layers: layers) else { throw ConversionRefusal.notAnImage }
        return document
    }

    private var manifestType: MediaType { kind == .oci ? .ociManifest : .dockerManifest }

    /// - Parameter digest: the document's, unless it covers less than all of it.
    func product(
        _ document: [UInt8], type: MediaType, digest: Digest? = nil, landed: [(blob: LandedBlob, size: Int64)], links: [Digest]
    ) -> Product {
        let digest = digest ?? Digest.of(document, .sha256)
        let imageID = origin.pushedImage ?? origin.imageID
        let repository = origin.repository
        return Product(landed: landed, links: links) { catalog, time in
            let row = ManifestRow(digest: digest, mediaType: type, document: document, imageID: imageID, blobs: links)
            return .manifest(try catalog.add(row, to: repository, at: time))
        }
    }
}

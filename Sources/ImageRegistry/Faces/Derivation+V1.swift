import ImageModel
import LayerArchive

extension Derivation {
    /// The image as a chain of v1 images (v1.md §9.2), or as the chain that a manifest of schema 1 holds.
    func v1(of manifest: StoredManifest) async throws -> Product {
        if manifest.mediaType.isSchema1 {
            guard let chain = try Schema1Manifest(signed: manifest.document).chain else { throw ConversionRefusal.notAChain }
            var images: [DerivedImage] = []
            for entry in chain {
                guard let image = entry.image else { throw ConversionRefusal.notAChain }
                let layer = try await layers.prepare(entry.blobSum, needsDiffID: true, document: entry.document)
                images.append(
                    try DerivedImage(image.id, parent: image.parent, document: entry.document, layer, diffID: layer.diffID))
            }
            return product(images, landed: [])
        }
        let (descriptor, layers) = try image()
        let config = try await config(descriptor)
        let links = try config.v1Chain(digest: descriptor.digest)
        if layers.isEmpty, let link = links.first, links.count == 1 {
            let blob = try await land(EmptyLayer.blob)
            return product([DerivedImage(emptyLayerOf: link)], landed: [blob])
        }
        guard links.count == layers.count else {
            throw ConversionRefusal.layerCountDiffers(layers: layers.count, diffIDs: links.count)
        }
        let prepared = try await prepare(layers, documents: links.map(\.document))
        let images = try zip(zip(links, prepared), config.diffIDs).map { image, diffID in
            let (link, layer) = image
            return try DerivedImage(link.id, parent: link.parent, document: link.document, layer, diffID: diffID)
        }
        return product(images, landed: [])
    }

    private func product(_ chain: [DerivedImage], landed: [(blob: LandedBlob, size: Int64)]) -> Product {
        let origin = origin
        return Product(landed: landed) { catalog, time in
            for (position, image) in chain.enumerated() {
                guard try catalog.hasBlob(image.layer) else { throw RegistryError.removalUnderway }
                try catalog.add(image, depth: position + 1, repository: origin.repository, at: time)
            }
            guard let top = chain.last?.id else { throw ConversionRefusal.notAnImage }
            try catalog.name(top, imageOf: origin)
            return .image(top)
        }
    }
}

/// A v1 image that was made of something else.
struct DerivedImage: Sendable {
    let id: ImageID
    let parent: ImageID?
    let document: [UInt8]
    let layer: Digest
    let payloadSum: Digest
    /// What the layer unpacks to: an image that is there already may have it packed otherwise.
    let diffID: Digest?

    init(_ id: ImageID, parent: ImageID?, document: [UInt8], _ layer: PreparedLayer, diffID: Digest?) throws {
        guard let payloadSum = layer.payloadSum else { throw ConversionRefusal.layerMissing(layer.gzip.digest) }
        self.id = id
        self.parent = parent
        self.document = document
        self.layer = layer.gzip.digest
        self.payloadSum = payloadSum
        self.diffID = diffID
    }

    init(emptyLayerOf link: V1Link) {
        id = link.id
        parent = link.parent
        document = link.document
        layer = EmptyLayer.digest
        diffID = EmptyLayer.diffID
        var sum = PayloadSum(json: link.document)
        EmptyLayer.blob.withUnsafeBytes { sum.update($0) }
        payloadSum = sum.finalize()
    }
}

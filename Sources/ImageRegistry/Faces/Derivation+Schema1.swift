import ImageModel
import ManifestSignatures

extension Derivation {
    /// The image as a manifest of schema 1 with Wharf's signature (v1.md §10).
    func schema1() async throws -> Product {
        let architecture: String?
        let entries: [Schema1Manifest.Entry]
        var links: [Digest] = []
        if let chain = try await genuineChain() {
            var found: [Schema1Manifest.Entry] = []
            for link in chain {
                let layer = try await layers.prepare(link.layer, needsDiffID: false).gzip.digest
                found.append(try Schema1Manifest.Entry(blobSum: layer, document: link.document))
                links.append(layer)
            }
            architecture = chain.last.flatMap { V1Image.architecture(of: $0.document) }
            entries = found.reversed()
        } else {
            let (descriptor, layers) = try image()
            let config = try await config(descriptor)
            guard layers.count == config.diffIDs.count else {
                throw ConversionRefusal.layerCountDiffers(layers: layers.count, diffIDs: config.diffIDs.count)
            }
            links = try await prepare(layers).map(\.gzip.digest)
            architecture = config.architecture
            entries = try config.schema1Entries(blobSums: links)
        }
        var landed: [(blob: LandedBlob, size: Int64)] = []
        if entries.contains(where: { $0.blobSum == EmptyLayer.digest }), !links.contains(EmptyLayer.digest) {
            landed.append(try await land(EmptyLayer.blob))
            links.append(EmptyLayer.digest)
        }
        let payload = Schema1Manifest.payload(name: name.shown, tag: label, architecture: architecture ?? "amd64", entries: entries)
        let signed = try await registry.manifestSigner().sign(payload, at: registry.now())
        return product(
            signed, type: .dockerSchema1Signed, digest: Digest.of(payload, .sha256), landed: landed, links: links)
    }
}

extension Registry {
    /// Signs manifests of schema 1. Its key is made at its first use and kept in the catalog, so that every process over it signs alike.
    func manifestSigner() async throws -> ManifestSigner {
        try ManifestSigner(privateKey: try await write { try $0.secret("manifest signature", orElse: ManifestSigner.newKey()) })
    }
}

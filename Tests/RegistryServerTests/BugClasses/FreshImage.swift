import ImageModel
import Testing

/// An image of one layer, to be pushed by a test, and what is derived of it.
struct FreshImage: Sendable {
    static let dockerType = "application/vnd.docker.distribution.manifest.v2+json"
    static let gzipType = "application/vnd.oci.image.layer.v1.tar+gzip"
    /// Every way by which a tag's other faces are asked for in v2.
    static let questions = [
        ["Accept: \(dockerType)"], ["Accept: \(PlantedFaces.signedType)"], [PlantedFaces.oldEngine],
        ["Accept: \(dockerType)", "Accept: \(PlantedFaces.signedType)", "Accept: application/json"],
    ]

    let layer: NamedBytes
    let config: NamedBytes
    let manifest: NamedBytes

    /// - Parameters:
    ///   - config: takes the layer's digest, as it is, in place of `DIFF`.
    ///   - layerType: the type that the manifest gives the layer.
    init(_ word: String, layer: [UInt8]? = nil, config: String? = nil, layerType: String = PlantedContent.layerType) {
        self.layer = layer.map { NamedBytes($0) } ?? NamedBytes("a fresh layer of \(word)\n")
        self.config =
            config.map { [layer = self.layer] in NamedBytes($0.replacing("DIFF", with: layer.digest.description)) }
            ?? PlantedContent.config(of: word, self.layer)
        manifest = NamedBytes(
            #"{"schemaVersion":2,"mediaType":"\#(PlantedContent.imageType)","config":"#
                + self.config.descriptor(PlantedContent.configType) + #","layers":[\#(self.layer.descriptor(layerType))]}"#)
    }

    /// The id that it has in v1.
    var id: String { config.digest.hex }

    /// Its images in v1.
    var paths: [String] { ["json", "layer", "ancestry"].map { "/v1/images/\(id)/\($0)" } }

    func push(to name: String, as tag: String, by client: DistributionClient) async throws {
        for blob in [layer, config] { try await client.push(blob, to: name) }
        try await client.push(manifest, PlantedContent.imageType, to: name, as: tag)
    }
}

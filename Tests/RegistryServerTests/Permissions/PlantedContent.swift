import Crypto
import Foundation
import ImageModel
import Testing

/// Bytes and the name that they have by their hash.
struct NamedBytes: Sendable {
    let bytes: [UInt8]
    let digest: ImageModel.Digest

    init(_ text: String) { self.init(Array(text.utf8)) }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        digest = ImageModel.Digest(SHA256.hash(data: bytes))
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A descriptor of the bytes, as JSON.
    func descriptor(_ mediaType: String) -> String {
        #"{"mediaType":"\#(mediaType)","digest":"\#(digest)","size":\#(bytes.count)}"#
    }
}

/// What a repository of the world holds in the OCI Distribution dialect, all of it its own.
struct PlantedContent: Sendable {
    static let imageType = "application/vnd.oci.image.manifest.v1+json"
    static let indexType = "application/vnd.oci.image.index.v1+json"
    static let configType = "application/vnd.oci.image.config.v1+json"
    static let layerType = "application/vnd.oci.image.layer.v1.tar"
    /// The tag of ``manifest``.
    static let tag = "two"

    let config: NamedBytes
    let layer: NamedBytes
    /// A blob that no manifest names.
    let loose: NamedBytes
    let manifest: NamedBytes
    /// A manifest whose subject ``manifest`` is.
    let referrer: NamedBytes
    /// A manifest that nobody has pushed and that names nothing.
    let unpushed: NamedBytes

    init(_ word: String) {
        layer = NamedBytes("a layer of \(word)\n")
        config = Self.config(of: word, layer)
        loose = NamedBytes("a loose blob of \(word)\n")
        manifest = NamedBytes(Self.image(config, [layer]))
        referrer = NamedBytes(Self.image(config, [layer], more: #","subject":\#(manifest.descriptor(Self.imageType))"#))
        unpushed = NamedBytes(
            #"{"schemaVersion":2,"mediaType":"\#(Self.indexType)","manifests":[],"annotations":{"of":"\#(word)"}}"#)
    }

    /// The config of an image of one layer that is not packed.
    static func config(of author: String, _ layer: NamedBytes) -> NamedBytes {
        NamedBytes(
            #"{"architecture":"amd64","os":"linux","author":"\#(author)","rootfs":{"type":"layers","diff_ids":["\#(layer.digest)"]}}"#)
    }

    static func image(_ config: NamedBytes, _ layers: [NamedBytes], more: String = "") -> String {
        let layers = layers.map { $0.descriptor(layerType) }.joined(separator: ",")
        return #"{"schemaVersion":2,"mediaType":"\#(imageType)","config":\#(config.descriptor(configType)),"layers":[\#(layers)]\#(more)}"#
    }

    func plant(in name: String, by client: DistributionClient) async throws {
        for blob in [config, layer, loose] { try await client.push(blob, to: name) }
        try await client.push(manifest, Self.imageType, to: name, as: Self.tag)
        try await client.push(referrer, Self.imageType, to: name, as: referrer.digest.description)
    }

    /// What the tables call by these names.
    var values: [String: String] {
        ["manifest": manifest.text, "blob": layer.text, "referrer": referrer.digest.description]
    }
}

/// A layer in a manifest that is written.
public struct LayerDescriptor: Sendable, Hashable {
    public let kind: LayerKind
    public let digest: Digest
    /// In bytes.
    public let size: Int64
    /// Where else it may be had; for foreign layers.
    public let urls: [String]

    public init(kind: LayerKind, digest: Digest, size: Int64, urls: [String] = []) {
        self.kind = kind
        self.digest = digest
        self.size = size
        self.urls = urls
    }
}

extension Manifest {
    /// A manifest of Docker's schema 2 or of OCI, in one line; the same for the same input always.
    ///
    /// - Parameters:
    ///   - layers: from the base up.
    /// - Returns: nil for a face without manifests of this shape, or without a word for one of the layers.
    public static func document(_ face: Face, config: (digest: Digest, size: Int64), layers: [LayerDescriptor]) -> [UInt8]? {
        let types: (manifest: MediaType, config: MediaType)
        switch face {
        case .v1, .schema1: return nil
        case .docker: types = (.dockerManifest, .dockerConfig)
        case .oci: types = (.ociManifest, .ociConfig)
        }
        var writer = JSONWriter()
        writer.raw(#"{"schemaVersion":2,"mediaType":"\#(types.manifest)","config":"#)
        writer.descriptor(types.config, config.digest, config.size)
        writer.raw(#","layers":["#)
        for (index, layer) in layers.enumerated() {
            guard let type = layer.kind.mediaType(face) else { return nil }
            if index > 0 { writer.raw(",") }
            writer.descriptor(type, layer.digest, layer.size, layer.urls)
        }
        writer.raw("]}")
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func descriptor(_ type: MediaType, _ digest: Digest, _ size: Int64, _ urls: [String] = []) {
        raw(#"{"mediaType":"#)
        string(type.text)
        raw(#","digest":"\#(digest)","size":\#(size)"#)
        if !urls.isEmpty {
            for (index, url) in urls.enumerated() {
                raw(index == 0 ? #","urls":["# : ",")
                string(url)
            }
            raw("]")
        }
        raw("}")
    }
}

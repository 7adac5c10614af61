import FoundationEssentials
public import ImageModel

/// The files of one image of docker-registry.
public struct DockerRegistryImage: Sendable {
    public let id: ImageID
    let folder: TreeFolder

    /// Whether its push was begun and not ended: then the layer may be half of one (v1.md §8).
    public var isInProgress: Bool { folder.has("_inprogress") }

    /// The JSON document, byte for byte.
    public func document(limit: Int) throws(TreeError) -> [UInt8] { try folder.file("json").contents(limit: limit) }

    public func layer() throws(TreeError) -> TreeFile { try folder.file("layer") }

    /// The image and its ancestors, itself first, base last; nil when the tree does not say.
    ///
    /// - Throws: ``TreeError/wrongKind`` when it is no list of ids.
    public func ancestry() throws(TreeError) -> [ImageID]? {
        guard folder.has("ancestry") else { return nil }
        let bytes = try folder.file("ancestry").contents(limit: DockerRegistryTree.smallFileLimit)
        guard let texts = try? JSONDecoder().decode([String].self, from: Data(bytes)) else { throw .wrongKind }
        let ids = texts.compactMap { ImageID($0) }
        guard ids.count == texts.count, !ids.isEmpty else { throw .wrongKind }
        return ids
    }

    /// The sums that the registry found when the image came: a list of them, or in versions up to 0.6 a single one as text. None for very
    /// old images.
    public func checksums() throws(TreeError) -> [String] {
        guard folder.has("_checksum") else { return [] }
        let bytes = try folder.file("_checksum").contents(limit: DockerRegistryTree.smallFileLimit)
        if let list = try? JSONDecoder().decode([String].self, from: Data(bytes)) { return list }
        let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks
        if let one = try? JSONDecoder().decode(String.self, from: Data(text.utf8)) { return [one] }
        return text.contains(":") ? [text] : []
    }
}

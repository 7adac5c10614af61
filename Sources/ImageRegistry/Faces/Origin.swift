public import ImageModel

/// What was pushed: what a tag names, and what an image's other faces are made of.
public struct Origin: Sendable {
    public enum Content: Sendable {
        /// A v1 image, with its ancestors.
        case image(ImageID)
        /// A manifest, with its row.
        case manifest(Int64, StoredManifest)
    }

    let repository: Int64
    /// Whether its repository is private: then no shared cache may keep it.
    public let isPrivate: Bool
    public let content: Content
    /// The id by which v1 knows a manifest's image.
    let imageID: ImageID?
    /// Of an index: the image that stands for it where a client knows no index.
    let platformDigest: Digest?

    /// Whether it is a container image, and no artifact and no index.
    public var isImage: Bool { pushedImage != nil || imageID != nil }

    var isSchema1: Bool { if case .manifest(_, let manifest) = content { manifest.mediaType.isSchema1 } else { false } }

    var pushedImage: ImageID? { if case .image(let id) = content { id } else { nil } }
    var manifestID: Int64? { if case .manifest(let id, _) = content { id } else { nil } }
}

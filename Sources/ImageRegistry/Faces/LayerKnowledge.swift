import ImageModel

/// A blob and its length in bytes.
struct SizedDigest: Hashable, Sendable {
    let digest: Digest
    let size: Int64
}

/// What the catalog knows of a blob as a layer.
struct LayerKnowledge: Sendable {
    struct Content: Sendable {
        let diffID: Digest
        let isGzip: Bool
        let isArchive: Bool
    }

    let size: Int64
    /// Nil when nobody has read the blob as a layer.
    let content: Content?
    /// The gzip that was made of it.
    let packed: SizedDigest?
}

/// What reading a stored layer has taught.
struct LayerContentRow: Sendable {
    let diffID: Digest
    let uncompressedSize: Int
    let compression: String
    /// The gzip that was made of it, if it is none itself.
    let packed: Digest?
}

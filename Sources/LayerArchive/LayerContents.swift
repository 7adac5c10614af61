public import ImageModel

/// What a registry learns of a layer by reading it once.
public struct LayerContents: Hashable, Sendable {
    /// ``Compression/none`` also for a compressed stream that does not decode: its bytes stand for themselves.
    public let compression: Compression
    /// True for a compressed stream that decodes to its end, whatever is in it, and for a plain tar that reads to its end (the end blocks
    /// may be missing, and no bytes at all are a tar of nothing). False for anything else, and for what is damaged or cut off.
    public let isArchive: Bool
    /// SHA-256 of the unpacked stream exactly as it is. Nil when that stream is the layer's own bytes (``Compression/none``): then the diff
    /// id is the digest of the layer, which whoever stores it computes anyway.
    public let diffID: Digest?
    /// The length of the unpacked stream, in bytes.
    public let uncompressedSize: Int
    /// The sums that were asked for. More than one of a label when engines of different age come to different sums: a client's is right
    /// when it is any of them. Empty when the stream is no whole tar, or a limit of ``LayerLimits`` forbids to know.
    public let tarsums: [Tarsum]
    /// The listing, when it was asked for. Nil when it was not, or the stream is no whole tar.
    public let files: [LayerFile]?
}

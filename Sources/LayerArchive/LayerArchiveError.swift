/// Why a layer is refused while it is read. Bytes that are no archive, or a damaged one, are not refused: see ``LayerContents/isArchive``.
public enum LayerArchiveError: Error, Hashable, Sendable {
    /// The layer unpacks to more bytes than ``LayerLimits/uncompressedSize``.
    case uncompressedSizeExceeded(limit: Int)
    /// Unpacking takes more memory than ``LayerLimits/decoderMemory``, in bytes.
    case decoderMemoryExceeded(limit: UInt64)
    /// The listing that was asked for has more lines than ``LayerLimits/listedFiles``.
    case listedFilesExceeded(limit: Int)
    /// The paths of the listing that was asked for are longer together than ``LayerLimits/listedPathBytes``.
    case listedPathBytesExceeded(limit: Int)
}

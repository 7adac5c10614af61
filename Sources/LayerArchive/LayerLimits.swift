/// What a layer may cost to read. Everything that a stranger's bytes could make grow is bounded here.
public struct LayerLimits: Hashable, Sendable {
    /// The most bytes that a layer may unpack to; more is an error. Counted, never stored.
    public let uncompressedSize: Int
    /// The most members of a tar whose sums are remembered, about 70 bytes each; a larger tar has no tarsum. That is no error:
    /// the layer's other sums stand.
    public let tarsumEntries: Int
    /// The longest PAX header or GNU long name, in bytes; a tar with a longer one has no tarsum and no listing.
    public let helperSize: Int
    /// The most memory that unpacking may take, in bytes; more is an error. Only xz and zstd let a stream ask for much: `xz -9` asks for
    /// 65 MiB, zstd for its window (8 MiB at level 19, 128 MiB with `--long` or `--ultra -22`).
    public let decoderMemory: UInt64
    /// The most lines of a listing; more is an error.
    public let listedFiles: Int
    /// The most bytes of all paths of a listing together; more is an error.
    public let listedPathBytes: Int

    public init(
        uncompressedSize: Int = 64 << 30, tarsumEntries: Int = 500_000, helperSize: Int = 1 << 20, decoderMemory: UInt64 = 72 << 20,
        listedFiles: Int = 500_000, listedPathBytes: Int = 64 << 20
    ) {
        self.uncompressedSize = uncompressedSize
        self.tarsumEntries = tarsumEntries
        self.helperSize = helperSize
        self.decoderMemory = decoderMemory
        self.listedFiles = listedFiles
        self.listedPathBytes = listedPathBytes
    }
}

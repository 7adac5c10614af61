import Crypto
import ImageModel

/// The unpacked bytes of a layer on their way through: counted, hashed, and read as a tar.
struct UnpackedStream {
    private let sizeLimit: Int
    private let summers: [any TarSummer]
    private let lister: FileLister?
    private var tar: TarReader
    /// Nil when the stream is the layer's own bytes, which are hashed elsewhere.
    private var hash: SHA256?
    private var size = 0

    init(_ options: LayerReader.Options, hashes: Bool) {
        sizeLimit = options.limits.uncompressedSize
        summers = options.tarsums.map { $0.summer(extra: options.extra, entryLimit: options.limits.tarsumEntries) }
        lister = options.listsFiles ? FileLister(limits: options.limits) : nil
        tar = TarReader(consumers: summers + (lister.map { [$0] } ?? []), helperLimit: options.limits.helperSize)
        hash = hashes ? SHA256() : nil
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) throws(LayerArchiveError) {
        size += bytes.count
        guard size <= sizeLimit else { throw .uncompressedSizeExceeded(limit: sizeLimit) }
        hash?.update(bufferPointer: bytes)
        try tar.update(bytes)
    }

    /// - Parameter compression: what the stream came out of.
    func finish(_ compression: Compression) -> LayerContents {
        let outcome = tar.finish()
        let isTar = outcome == .tar
        return LayerContents(
            compression: compression,
            isArchive: compression != .none || outcome != .notTar,
            diffID: hash.map { ImageModel.Digest($0.finalize()) },
            uncompressedSize: size,
            tarsums: isTar ? summers.flatMap { $0.finish() } : [],
            files: isTar ? lister?.files : nil)
    }
}

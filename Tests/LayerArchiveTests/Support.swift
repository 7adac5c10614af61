import Crypto
import FoundationEssentials
import ImageModel
import LayerArchive

/// Reads a whole layer, in pieces of `piece` bytes; 0 means all at once.
func read(
    _ bytes: [UInt8], piece: Int = 0, _ options: LayerReader.Options = LayerReader.Options()
) throws(LayerArchiveError) -> LayerContents {
    let reader = LayerReader(options)
    let step = piece == 0 ? max(1, bytes.count) : piece
    for start in stride(from: 0, to: bytes.count, by: step) {
        // A copy of its own for each piece, so that reading past its end would be seen.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: min(step, bytes.count - start), alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes[start..<min(start + step, bytes.count)])
        try reader.update(UnsafeRawBufferPointer(copy))
    }
    return try reader.finish()
}

/// Pieces that put every kind of border into the middle of something.
let pieces = [0, 1, 2, 3, 7, 511, 512, 513, 4096]

func sha256(_ bytes: [UInt8]) -> ImageModel.Digest { ImageModel.Digest(SHA256.hash(data: bytes)) }

func base64(_ text: String) throws -> [UInt8] {
    struct Invalid: Error {}
    guard let data = Data(base64Encoded: text) else { throw Invalid() }
    return Array(data)
}

/// The tarsums v0 and v1 of a plain tar of `members`, as text.
func tarsums(_ members: [TarMember]) throws -> [String] {
    let labels = [Tarsum.Label(version: .v0), Tarsum.Label(version: .v1)]
    return try read(tar(members), LayerReader.Options(tarsums: labels)).tarsums.map(\.description)
}

/// All of a ``LayerContents``, in a form that a test can write down.
struct LayerContentsText: Equatable {
    var compression: Compression
    var isArchive: Bool
    var diffID: String?
    var uncompressedSize: Int
    var tarsums: [String]
    var files: String?

    /// A packed tar with one tarsum.
    static func archive(_ compression: Compression, diffID: String, size: Int, tarsum: String) -> Self {
        Self(compression: compression, isArchive: true, diffID: diffID, uncompressedSize: size, tarsums: [tarsum], files: nil)
    }

    /// Bytes that stand for themselves.
    static func opaque(size: Int) -> Self {
        Self(compression: .none, isArchive: false, diffID: nil, uncompressedSize: size, tarsums: [], files: nil)
    }
}

extension LayerContents {
    var text: LayerContentsText {
        LayerContentsText(
            compression: compression,
            isArchive: isArchive,
            diffID: diffID?.description,
            uncompressedSize: uncompressedSize,
            tarsums: tarsums.map(\.description),
            files: files.map { String(decoding: LayerListing.json($0), as: UTF8.self) })
    }
}

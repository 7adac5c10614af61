import ImageModel
import LayerArchive
import Testing

/// `LayerConversion` of plain bytes is the encoder and nothing else.
@Suite("Packing")
struct GzipEncoderTests {
    /// Noise and text in turn, so that there are literals and matches of all lengths.
    private static let mixed: [UInt8] = {
        let noise = noise(120_000)
        var bytes: [UInt8] = []
        for index in 0..<60 {
            bytes += noise[index * 2000..<index * 2000 + 2000]
            bytes += Array(String(repeating: "line \(index % 7) of a text\n", count: 50 + index).utf8)
        }
        return bytes
    }()

    @Test(
        "the same bytes come to the same gzip, in pieces of any size",
        arguments: [0, 1, 2, 3, 511, 512, 4096, 65535, 65536, 65537, 1 << 20])
    func deterministic(piece: Int) throws {
        // As Python's zlib makes it, and gzip(1) reads it.
        let expected = Converted(
            "sha256:bee93472415cbcdd4163a441e433eeeeecfb0083456b35aa4f048ef8cfc841ef", size: 201090,
            packed: "sha256:4f18d4b308089e87c7ca4db39fa4a78a03de334e99359f86e205b41cd3272f5d")
        #expect(try convert(Self.mixed, piece: piece).text == expected)
    }

    @Test("more than a MiB, in pieces of about that size, comes to the same gzip")
    func largePieces() throws {
        let bytes = (0..<8).flatMap { _ in Self.mixed }
        let whole = try convert(bytes)
        for piece in [1 << 20, (1 << 20) - 1, 100_003] { #expect(try convert(bytes, piece: piece) == whole) }
        #expect(try read(whole.packed).diffID == sha256(bytes))
    }

    @Test("sizes about those of the buffers come back as they were")
    func sizes() throws {
        let bytes = noise(200_000)
        for size in [1, 65535, 65536, 65537, 131_071, 131_072, 131_073, 200_000] {
            let content = Array(bytes[..<size])
            let contents = try read(convert(content).packed)
            #expect(contents.compression == .gzip)
            #expect(contents.diffID == sha256(content), "\(size) bytes")
        }
    }

    @Test("what is fed in is handed out: nothing but the buffers is kept")
    func memory() throws {
        let block = noise(1 << 16)
        let conversion = LayerConversion(.init(findsDiffID: false, packs: true), compression: .none)
        var fed = 0
        var handed = 0
        for _ in 0..<256 {
            try block.withUnsafeBytes { try conversion.update($0) { handed += $0.count } }
            fed += block.count
            #expect(fed - handed < 256 << 10)
        }
        _ = try conversion.finish { handed += $0.count }
        #expect(handed > 16 << 20)
    }
}

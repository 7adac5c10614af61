import LayerArchive
import Testing

@Suite("What the first bytes say")
struct CompressionHeadTests {
    @Test("every format is known by its first bytes, whatever follows")
    func formats() throws {
        let samples: [(Compression, [UInt8])] = [
            (.gzip, try base64(Samples.e1)), (.bzip2, try base64(Samples.e1BZip2)), (.bzip2, try base64(Samples.emptyBZip2)),
            (.xz, try base64(Samples.e1XZ)), (.zstd, try base64(Samples.e1Zstd)), (.zstd, ZstdFrame.skippable([])),
            (.zstd, ZstdFrame.skippable([1], kind: 15)), (.none, tar([TarMember("f", "1")])), (.none, Array("BZh9/1AY&SY".utf8)),
        ]
        for (compression, bytes) in samples {
            #expect(Compression.ofHead(bytes) == compression)
            #expect(Compression.ofHead(Array(bytes.prefix(10))) == compression)
            #expect(try compression == .none || read(bytes).compression == compression)
        }
    }

    @Test("fewer bytes say it if they decide it")
    func short() {
        let heads: [([UInt8], Compression)] = [
            ([], .none), ([0x1f], .none), ([0x1f, 0x8b], .none), ([0x1f, 0x8b, 8], .gzip), ([0x1f, 0x8b, 7], .none),
            (Array("BZh91AY&S".utf8), .none), (Array("BZh91AY&SY".utf8), .bzip2), (Array("BZh01AY&SY".utf8), .none),
            ([0xfd, 0x37, 0x7a, 0x58, 0x5a], .none), ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], .xz),
            ([0x28, 0xb5, 0x2f], .none), ([0x28, 0xb5, 0x2f, 0xfd], .zstd), ([0x28, 0xb5, 0x2f, 0xfc], .none),
            ([0x50, 0x2a, 0x4d], .none), ([0x50, 0x2a, 0x4d, 0x18], .zstd), ([0x5f, 0x2a, 0x4d, 0x18], .zstd),
            ([0x4f, 0x2a, 0x4d, 0x18], .none), ([0x60, 0x2a, 0x4d, 0x18], .none), ([0x50, 0x2a, 0x4d, 0x19], .none),
        ]
        for (head, compression) in heads { #expect(Compression.ofHead(head) == compression, "\(head)") }
    }
}

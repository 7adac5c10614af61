import ImageModel
import LayerArchive
import Testing

@Suite("Compression")
struct CompressionTests {
    private static let options = LayerReader.Options(extra: Array(Samples.e1JSON.utf8))

    @Test(
        "one tar in every packing has one diff id and one tarsum",
        arguments: [
            (Compression.gzip, Samples.e1), (.bzip2, Samples.e1BZip2), (.xz, Samples.e1XZ), (.xz, Samples.e1XZ9), (.zstd, Samples.e1Zstd),
        ], pieces)
    func everyPacking(sample: (Compression, String), piece: Int) throws {
        let contents = try read(base64(sample.1), piece: piece, Self.options)
        #expect(contents.text == .archive(sample.0, diffID: Samples.e1DiffID, size: 2560, tarsum: Samples.e1Tarsum))
    }

    @Test("a plain tar is its own diff id", arguments: pieces)
    func plain(piece: Int) throws {
        let bytes = tar([TarMember("f", "1"), TarMember("after", "6")])
        let expected = LayerContentsText(
            compression: .none, isArchive: true, diffID: nil, uncompressedSize: 3072,
            tarsums: ["tarsum+sha256:5719335a5d23930097e1fc657dd237cb1b46a0df8c3fc189e4b7b4626e977b0e"], files: nil)
        #expect(try read(bytes, piece: piece).text == expected)
    }

    @Test(
        "nothing, packed, is a layer of nothing",
        arguments: [
            (Compression.gzip, Samples.emptyGzip), (.bzip2, Samples.emptyBZip2), (.xz, Samples.emptyXZ), (.zstd, Samples.emptyZstd),
        ], pieces)
    func packedNothing(sample: (Compression, String), piece: Int) throws {
        let expected = LayerContentsText(
            compression: sample.0, isArchive: true, diffID: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            uncompressedSize: 0, tarsums: ["tarsum+sha256:029ecff861b6590aa834f5fd57e7c9dfa6233e14bbfd8ecf986ee615ddcdd2f7"], files: nil)
        #expect(try read(base64(sample.1), piece: piece, Self.options).text == expected)
    }

    @Test("no bytes at all are a layer of nothing")
    func nothing() throws {
        let expected = LayerContentsText(
            compression: .none, isArchive: true, diffID: nil, uncompressedSize: 0,
            tarsums: ["tarsum+sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"], files: "[]")
        #expect(try read([], LayerReader.Options(listsFiles: true)).text == expected)
    }

    @Test("a packed stream that is no tar has a diff id and no tarsum", arguments: pieces)
    func packedText(piece: Int) throws {
        let expected = LayerContentsText(
            compression: .gzip, isArchive: true, diffID: "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
            uncompressedSize: 6, tarsums: [], files: nil)
        #expect(try read(base64(Samples.helloGzip), piece: piece, LayerReader.Options(listsFiles: true)).text == expected)
    }

    @Test(
        "bytes that are neither tar nor packed stand for themselves", arguments: pieces)
    func neither(piece: Int) throws {
        let texts: [[UInt8]] = [
            [0], [0x1f], [0x1f, 0x8b], Array("B".utf8), Array("BZh9".utf8), Array("BZh91AY&S".utf8), [0xfd, 0x37, 0x7a, 0x58, 0x5a],
            Array("hello\n".utf8), [UInt8](repeating: 0x41, count: 5000), [UInt8](repeating: 0, count: 511),
            [0x28, 0xb5, 0x2f, 0xfd, 0, 0], [0x50, 0x2a, 0x4d, 0x18],
        ]
        for text in texts { #expect(try read(text, piece: piece, Self.options).text == .opaque(size: text.count)) }
    }

    @Test("a tar whose first name begins like bzip2 is a tar", arguments: pieces)
    func nameLikeMagic(piece: Int) throws {
        let contents = try read(tar([TarMember("BZh9/1AY", "x")]), piece: piece)
        #expect(contents.compression == .none)
        #expect(contents.isArchive)
    }

    @Test("a packed stream that is cut off stands for itself", arguments: [Samples.e1, Samples.e1BZip2, Samples.e1XZ, Samples.e1Zstd])
    func cutOff(sample: String) throws {
        let whole = try base64(sample)
        for length in 1..<whole.count {
            let contents = try read(Array(whole[..<length]), Self.options)
            #expect(contents.text == .opaque(size: length), "after \(length) bytes")
        }
    }

    @Test(
        "a packed stream that is damaged at its end stands for itself",
        arguments: [Samples.e1, Samples.e1BZip2, Samples.e1XZ, Samples.e1Zstd], pieces)
    func damaged(sample: String, piece: Int) throws {
        var bytes = try base64(sample)
        // Within gzip's length, within bzip2's combined sum, in xz's closing magic number, within zstd's sum.
        bytes[bytes.count - 2] ^= 0x40
        #expect(try read(bytes, piece: piece, Self.options).text == .opaque(size: bytes.count))
    }

    @Test(
        "what follows a packed stream and is none is passed over", arguments: [Samples.e1, Samples.e1BZip2, Samples.e1XZ, Samples.e1Zstd],
        pieces)
    func trailingBytes(sample: String, piece: Int) throws {
        let bytes = try base64(sample)
        let whole = try read(bytes, Self.options)
        #expect(whole.isArchive)
        for trailer: [UInt8] in [[0], [0, 0, 0, 0], Array("garbage".utf8), [bytes[0]], Array(bytes[..<2]) + [0x41]] {
            #expect(try read(bytes + trailer, piece: piece, Self.options) == whole)
        }
    }

    @Test("members one after the other are one stream", arguments: pieces)
    func members(piece: Int) throws {
        let gzip = try base64(Samples.helloGzip)
        let twice = try read(gzip + gzip, piece: piece)
        #expect(twice.diffID == sha256(Array("hello\nhello\n".utf8)))
        #expect(twice.uncompressedSize == 12)
        #expect(twice.compression == .gzip)

        let bzip2 = try base64(Samples.e1BZip2)
        #expect(try read(bzip2 + bzip2 + bzip2, piece: piece).uncompressedSize == 3 * 2560)

        let xz = try base64(Samples.e1XZ)
        #expect(try read(xz + [0, 0, 0, 0] + xz, piece: piece).uncompressedSize == 2 * 2560)
    }

    @Test("a further member that is cut off or damaged spoils the stream", arguments: pieces)
    func damagedMember(piece: Int) throws {
        let gzip = try base64(Samples.helloGzip)
        for length in 3..<gzip.count {
            let bytes = gzip + gzip[..<length]
            #expect(try read(bytes, piece: piece).text == .opaque(size: bytes.count))
        }
    }
}

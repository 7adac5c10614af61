import ImageModel
import LayerArchive
import Testing

@Suite("Conversions")
struct LayerConversionTests {
    private static let packings: [(Compression, String)] = [
        (.bzip2, Samples.e1BZip2), (.xz, Samples.e1XZ), (.zstd, Samples.e1Zstd), (.zstd, Samples.e1ZstdPiped),
    ]

    @Test("one tar in every packing becomes one gzip, and has one diff id", arguments: packings, pieces)
    func everyPacking(sample: (Compression, String), piece: Int) throws {
        let expected = Converted(Samples.e1DiffID, size: 2560, packed: Samples.e1PackedSum)
        #expect(try convert(base64(sample.1), piece: piece).text == expected)
    }

    @Test("plain bytes are their own unpacked stream, whatever they are", arguments: pieces)
    func plain(piece: Int) throws {
        let hello = try convert(Array("hello\n".utf8), piece: piece)
        #expect(
            hello.packed == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 2, 0]
                + [0x20, 0x30, 0x3a, 0x36, 6, 0, 0, 0])
        #expect(hello.text.diffID == "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
        #expect(hello.text.size == 6)
        #expect(hello.text.isWhole)
    }

    @Test("nothing becomes the gzip of nothing, packed or not")
    func nothing() throws {
        let packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let diffID = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        for bytes in try [[], base64(Samples.emptyBZip2), base64(Samples.emptyXZ), base64(Samples.emptyZstd), ZstdFrame.skippable([1])] {
            let converted = try convert(bytes)
            #expect(converted.packed == packed)
            #expect(converted.text == Converted(diffID, size: 0, packed: sha256(packed).description))
        }
    }

    @Test("of gzip nothing is made, and it has its diff id", arguments: pieces)
    func gzip(piece: Int) throws {
        #expect(try convert(base64(Samples.e1), piece: piece).text == Converted(Samples.e1DiffID, size: 2560, packed: nil))
        let twice = try base64(Samples.helloGzip) + base64(Samples.helloGzip)
        let diffID = sha256(Array("hello\nhello\n".utf8)).description
        #expect(try convert(twice, piece: piece).text == Converted(diffID, size: 12, packed: nil))
    }

    @Test("only what is asked for is made", arguments: [Samples.e1, Samples.e1BZip2, Samples.e1XZ, Samples.e1Zstd])
    func options(sample: String) throws {
        let bytes = try base64(sample)
        let packed = sample == Samples.e1 ? nil : Samples.e1PackedSum
        #expect(try convert(bytes, findsDiffID: false, packs: true).text == Converted(nil, size: 2560, packed: packed))
        #expect(try convert(bytes, findsDiffID: true, packs: false).text == Converted(Samples.e1DiffID, size: 2560, packed: nil))
        #expect(try convert(bytes, findsDiffID: false, packs: false).text == Converted(nil, size: 2560, packed: nil))
    }

    @Test("a stream that is cut off anywhere is not whole", arguments: packings + [(.gzip, Samples.e1)])
    func cutOff(sample: (Compression, String)) throws {
        let whole = try base64(sample.1)
        for length in whole.indices {
            let outcome = try convert(Array(whole[..<length]), as: sample.0).outcome
            #expect(!outcome.isWhole, "after \(length) bytes")
            #expect(outcome.diffID == nil)
        }
    }

    @Test("a damaged stream is not whole, and what follows the damage does not matter", arguments: packings + [(.gzip, Samples.e1)], pieces)
    func damaged(sample: (Compression, String), piece: Int) throws {
        var bytes = try base64(sample.1)
        bytes[bytes.count - 2] ^= 0x40
        for bytes in [bytes, bytes + bytes] {
            let outcome = try convert(bytes, piece: piece).outcome
            #expect(!outcome.isWhole)
            #expect(outcome.diffID == nil)
        }
    }

    @Test("a layer that is packed otherwise than was said is not whole")
    func otherwise() throws {
        let layers = try [base64(Samples.e1), base64(Samples.e1BZip2), base64(Samples.e1XZ), base64(Samples.e1Zstd), tar([TarMember("f")])]
        for layer in layers {
            for compression in Compression.allCases where compression != .none && compression != Compression.ofHead(layer) {
                let outcome = try convert(layer, as: compression).outcome
                #expect(!outcome.isWhole && outcome.diffID == nil && outcome.uncompressedSize == 0, "\(compression)")
            }
        }
    }

    @Test("what follows a whole stream is passed over", arguments: packings + [(.gzip, Samples.e1)], pieces)
    func trailing(sample: (Compression, String), piece: Int) throws {
        let bytes = try base64(sample.1)
        let whole = try convert(bytes)
        for trailer: [UInt8] in [[0], Array("garbage".utf8), [bytes[0]], [0x50, 0x2a, 0x4d]] {
            #expect(try convert(bytes + trailer, piece: piece) == whole)
        }
    }

    @Test("exactly the size allowed is allowed, one byte more is not", arguments: packings + [(.gzip, Samples.e1)], [0, 1])
    func size(sample: (Compression, String), piece: Int) throws {
        let bytes = try base64(sample.1)
        #expect(try convert(bytes, piece: piece, limits: LayerLimits(uncompressedSize: 2560)).outcome.isWhole)
        #expect(throws: LayerArchiveError.uncompressedSizeExceeded(limit: 2559)) {
            try convert(bytes, piece: piece, limits: LayerLimits(uncompressedSize: 2559))
        }
        #expect(throws: LayerArchiveError.uncompressedSizeExceeded(limit: 5)) {
            try convert(Array("no tar".utf8), piece: piece, limits: LayerLimits(uncompressedSize: 5))
        }
    }

    @Test("more memory than allowed is refused", arguments: pieces)
    func memory(piece: Int) throws {
        for sample in [Samples.e1XZ9, Samples.e1ZstdUltra] {
            #expect(throws: LayerArchiveError.decoderMemoryExceeded(limit: 16 << 20)) {
                try convert(base64(sample), piece: piece, limits: LayerLimits(decoderMemory: 16 << 20))
            }
        }
    }

    @Test("a conversion that has refused refuses again")
    func refusesAgain() throws {
        let options = LayerConversion.Options(findsDiffID: true, packs: true, limits: LayerLimits(uncompressedSize: 3))
        let conversion = LayerConversion(options, compression: .none)
        let refusal = LayerArchiveError.uncompressedSizeExceeded(limit: 3)
        #expect(throws: refusal) { try Array("four".utf8).withUnsafeBytes { try conversion.update($0) { _ in } } }
        #expect(throws: refusal) { try [UInt8(1)].withUnsafeBytes { try conversion.update($0) { _ in } } }
        #expect(throws: refusal) { try conversion.finish { _ in } }
    }

    @Test("what the bytes so far unpack to comes at once, however much it is")
    func atOnce() throws {
        // All of the block, without the end of the stream.
        let outcome = try convert(Array(base64(Samples.zerosBZip2).dropLast(10))).outcome
        #expect(outcome.uncompressedSize == 4 << 20)
        #expect(!outcome.isWhole)
    }

    @Test("few bytes that unpack to very many do so in steps")
    func steps() throws {
        let bomb = ZstdFrame([]) { $0.blocks = Array(repeating: .run(7, count: 128 << 10), count: 512) }.bytes
        let conversion = LayerConversion(.init(findsDiffID: false, packs: true), compression: .zstd)
        var ends: [Int] = []
        var handed: [Int] = []
        try bomb.withUnsafeBytes { bytes in
            var next: Int? = 0
            while let start = next {
                var count = 0
                next = try conversion.update(bytes, from: start) { count += $0.count }
                ends.append(next ?? -1)
                handed.append(count)
            }
        }
        let outcome = try conversion.finish { _ in }
        #expect(outcome.uncompressedSize == 64 << 20)
        #expect(outcome.isWhole)
        // A MiB each.
        #expect(ends.count == 65)
        #expect(ends.last == -1)
        #expect(ends.dropLast() == ends.dropLast().sorted()[...])
        #expect(handed.allSatisfy { $0 <= (1 << 20) })
    }
}

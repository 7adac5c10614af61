import ImageModel
import LayerArchive
import Testing

@Suite("zstd frames")
struct ZstdTests {
    private static let content = tar([TarMember("f", "1"), TarMember("after", "6")])
    private static let whole = expected(content.count)

    /// What a layer of ``content`` is, or of several, one after the other: to a tar what follows its end means nothing.
    private static func expected(_ size: Int, diffID: Digest = sha256(content)) -> LayerContentsText {
        .archive(
            .zstd, diffID: diffID.description, size: size,
            tarsum: "tarsum+sha256:5719335a5d23930097e1fc657dd237cb1b46a0df8c3fc189e4b7b4626e977b0e")
    }

    @Test(
        "what zstd(1) makes is read: from a file, from a pipe, without a checksum",
        arguments: [Samples.e1Zstd, Samples.e1ZstdPiped, Samples.e1ZstdUnchecked], pieces)
    func tool(sample: String, piece: Int) throws {
        let contents = try read(base64(sample), piece: piece, LayerReader.Options(extra: Array(Samples.e1JSON.utf8)))
        #expect(contents.text == .archive(.zstd, diffID: Samples.e1DiffID, size: 2560, tarsum: Samples.e1Tarsum))
    }

    @Test("every field of the header, in every piece", arguments: pieces)
    func headers(piece: Int) throws {
        let sizes: [[UInt8]] = [[], [0, 0x0b], [0, 0x0c, 0, 0], [0, 0x0c, 0, 0, 0, 0, 0, 0]]
        for size in sizes {
            for eighths in UInt8(0)..<8 {
                let frame = ZstdFrame(Self.content) {
                    $0.windowEighths = eighths
                    $0.contentSize = size
                    // Not used, to be ignored.
                    $0.reservedFlags = eighths == 7 ? 0x10 : 0
                }
                #expect(try read(frame.bytes, piece: piece).text == Self.whole, "\(size), \(eighths) eighths")
            }
            guard !size.isEmpty else { continue }
            let frame = ZstdFrame(Self.content) {
                $0.windowLog = nil
                $0.contentSize = size
            }
            #expect(try read(frame.bytes, piece: piece).text == Self.whole, "\(size), a single segment")
        }
        let small = ZstdFrame(Array("hello\n".utf8)) {
            $0.windowLog = nil
            $0.contentSize = [6]
        }
        #expect(try read(small.bytes, piece: piece).diffID == sha256(Array("hello\n".utf8)))
    }

    @Test("a tar spread over frames of all kinds, as zstd:chunked does it", arguments: pieces)
    func frames(piece: Int) throws {
        let cuts = [0, 0, 1, 511, 600, 1024, 2049, 3072, 3072]
        var bytes: [UInt8] = []
        for (start, end) in zip(cuts, cuts.dropFirst()) { bytes += ZstdFrame(Array(Self.content[start..<end])).bytes }
        #expect(try read(bytes, piece: piece).text == Self.whole)
        #expect(try read(bytes + ZstdFrame.skippable(Array("manifest".utf8)), piece: piece).text == Self.whole)
    }

    @Test("a skippable frame may stand first, between and last", arguments: pieces)
    func skippable(piece: Int) throws {
        let first = ZstdFrame(Array(Self.content[..<1000])).bytes
        let second = ZstdFrame(Array(Self.content[1000...])).bytes
        for kind in UInt8(0)..<16 {
            for skipped in [[], [7], [UInt8](repeating: 0x28, count: 300)] {
                let frame = ZstdFrame.skippable(skipped, kind: kind)
                for bytes in [
                    frame + first + second, first + frame + second, first + second + frame, frame + frame + first + frame + second,
                ] {
                    #expect(try read(bytes, piece: piece).text == Self.whole, "kind \(kind), \(skipped.count) bytes")
                }
            }
        }
    }

    @Test("skippable frames alone are a layer of nothing", arguments: pieces)
    func onlySkippable(piece: Int) throws {
        let contents = try read(ZstdFrame.skippable([1, 2, 3]) + ZstdFrame.skippable([], kind: 15), piece: piece)
        #expect(contents.compression == .zstd)
        #expect(contents.diffID == sha256([]))
        #expect(contents.uncompressedSize == 0)
    }

    @Test("a further frame that is cut off spoils the stream, as does a skippable one", arguments: pieces)
    func cutOff(piece: Int) throws {
        let first = ZstdFrame(Self.content).bytes
        for frame in [ZstdFrame(Array("hello\n".utf8)).bytes, ZstdFrame.skippable([1, 2, 3, 4, 5])] {
            for length in 4..<frame.count {
                let bytes = first + frame[..<length]
                #expect(try read(bytes, piece: piece).text == .opaque(size: bytes.count), "\(length) bytes of it")
            }
            #expect(try read(first + frame, piece: piece).compression == .zstd)
        }
    }

    @Test("zeros after a frame are no padding: what follows them is passed over", arguments: pieces)
    func zeros(piece: Int) throws {
        let bytes = ZstdFrame(Self.content).bytes
        #expect(try read(bytes + [0, 0, 0, 0] + bytes, piece: piece).text == Self.whole)
    }

    @Test("a content size that is not so, a dictionary and a reserved flag stand for themselves", arguments: pieces)
    func unreadable(piece: Int) throws {
        let frames = [
            ZstdFrame(Self.content) { $0.contentSize = [1, 0x0c, 0, 0] }, ZstdFrame(Self.content) { $0.contentSize = [0xff, 0x0b, 0, 0] },
            ZstdFrame(Self.content) { $0.dictionary = [9] }, ZstdFrame(Self.content) { $0.dictionary = [9, 0, 0, 1] },
            ZstdFrame(Self.content) { $0.reservedFlags = 8 },
        ]
        for bytes in frames.map(\.bytes) { #expect(try read(bytes, piece: piece).text == .opaque(size: bytes.count)) }
        // A dictionary numbered 0 is none.
        #expect(try read(ZstdFrame(Self.content) { $0.dictionary = [0, 0] }.bytes, piece: piece).text == Self.whole)
    }

    @Test("contents of many times the buffers come out whole", arguments: [0, 513, 65536, 300_000])
    func large(piece: Int) throws {
        let bytes = tar([TarMember("large") { $0.body = noise(700_000) }])
        let contents = try read(ZstdFrame(bytes).bytes, piece: piece)
        #expect(contents.diffID == sha256(bytes))
        #expect(contents.uncompressedSize == bytes.count)
        #expect(contents.tarsums.count == 1)
    }

    @Test("a window beyond the memory allowed is refused, though the content be small", arguments: pieces)
    func window(piece: Int) throws {
        let limit: UInt64 = 72 << 20
        let refused = LayerArchiveError.decoderMemoryExceeded(limit: limit)
        for sample in [Samples.e1ZstdUltra, Samples.e1ZstdLong] {
            #expect(throws: refused) { try read(base64(sample), piece: piece) }
            #expect(throws: refused) { try read(ZstdFrame(Self.content).bytes + base64(sample), piece: piece) }
        }
        for log in [27, 31, 41] as [UInt8] {
            #expect(throws: refused) { try read(ZstdFrame(Self.content) { $0.windowLog = log }.bytes, piece: piece) }
        }
        let segment = ZstdFrame(Self.content) {
            $0.windowLog = nil
            $0.contentSize = [255, 255, 255, 255, 255, 255, 255, 255]
        }
        #expect(throws: refused) { try read(segment.bytes, piece: piece) }
        let more = LayerReader.Options(limits: LayerLimits(decoderMemory: 129 << 20))
        #expect(try read(base64(Samples.e1ZstdUltra), piece: piece, more).diffID?.description == Samples.e1DiffID)
    }

    @Test("exactly the memory allowed is allowed, one byte less is not", arguments: [0, 1])
    func exactly(piece: Int) throws {
        let frame = ZstdFrame(Self.content) {
            $0.windowLog = 20
            $0.windowEighths = 3
        }
        let segment = ZstdFrame(Self.content) {
            $0.windowLog = nil
            $0.contentSize = [0, 0x0b]
        }
        let numbered = ZstdFrame(Self.content) {
            $0.windowLog = nil
            $0.dictionary = [0, 0, 0, 0]
            $0.contentSize = [0, 0x0c, 0, 0]
        }
        let windows: [([UInt8], UInt64)] = [
            (frame.bytes, (1 << 20) + 3 * (1 << 17)), (segment.bytes, 3072), (numbered.bytes, 3072),
        ]
        for (bytes, window) in windows {
            let limit = window + (512 << 10)
            #expect(try read(bytes, piece: piece, LayerReader.Options(limits: LayerLimits(decoderMemory: limit))).text == Self.whole)
            #expect(throws: LayerArchiveError.decoderMemoryExceeded(limit: limit - 1)) {
                try read(bytes, piece: piece, LayerReader.Options(limits: LayerLimits(decoderMemory: limit - 1)))
            }
        }
    }

    @Test("a bomb is refused once it unpacks to more than the limit", arguments: pieces)
    func bomb(piece: Int) throws {
        let options = LayerReader.Options(limits: LayerLimits(uncompressedSize: 600_000))
        let run = ZstdFrame([]) { $0.blocks = Array(repeating: .run(0, count: 128 << 10), count: 500) }.bytes
        for bomb in [try base64(Samples.zerosZstd), run] {
            #expect(throws: LayerArchiveError.uncompressedSizeExceeded(limit: 600_000)) { try read(bomb, piece: piece, options) }
        }
        #expect(try read(base64(Samples.zerosZstd), piece: piece).uncompressedSize == 1 << 20)
    }

    @Test(
        "any bit may be wrong: the layer is refused or read alike in any pieces",
        arguments: [Samples.e1Zstd, Samples.e1ZstdPiped, Samples.emptyZstd])
    func everyBit(sample: String) throws {
        let whole = try base64(sample)
        let diffID = try read(whole).diffID
        for bit in 0..<(whole.count * 8) {
            var bytes = whole
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let contents = Result { () throws(LayerArchiveError) in try read(bytes) }
            switch contents {
            case .success(let contents): if contents.compression != .none { #expect(contents.diffID == diffID, "bit \(bit)") }
            case .failure(let error): #expect(error == .decoderMemoryExceeded(limit: 72 << 20), "bit \(bit)")
            }
            for piece in [1, 2, 64] {
                let again = Result { () throws(LayerArchiveError) in try read(bytes, piece: piece) }
                #expect(again == contents, "bit \(bit)")
            }
        }
    }
}

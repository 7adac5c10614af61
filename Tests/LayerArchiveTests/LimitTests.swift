import ImageModel
import LayerArchive
import Testing

@Suite("Limits")
struct LimitTests {
    private static func options(_ limits: LayerLimits, listsFiles: Bool = false) -> LayerReader.Options {
        LayerReader.Options(listsFiles: listsFiles, limits: limits)
    }

    @Test("a bomb is refused once it unpacks to more than the limit", arguments: pieces)
    func bombs(piece: Int) throws {
        let gzip = try base64(Samples.zerosGzip)
        let bombs = [(0..<10).flatMap { _ in gzip }, try base64(Samples.zerosBZip2), try base64(Samples.zerosXZ)]
        let options = Self.options(LayerLimits(uncompressedSize: 600_000))
        for bomb in bombs {
            #expect(throws: LayerArchiveError.uncompressedSizeExceeded(limit: 600_000)) { try read(bomb, piece: piece, options) }
        }
    }

    @Test("exactly the limit is allowed, one byte more is not")
    func exactly() throws {
        let packed = try base64(Samples.zerosGzip)
        #expect(try read(packed, Self.options(LayerLimits(uncompressedSize: 65536))).uncompressedSize == 65536)
        #expect(throws: LayerArchiveError.uncompressedSizeExceeded(limit: 65535)) {
            try read(packed, Self.options(LayerLimits(uncompressedSize: 65535)))
        }
        #expect(try read(base64(Samples.zerosXZ)).uncompressedSize == 1 << 20)
        #expect(try read(base64(Samples.zerosBZip2)).uncompressedSize == 4 << 20)
    }

    @Test("plain bytes and broken streams are bound as well")
    func plain() throws {
        let options = Self.options(LayerLimits(uncompressedSize: 5))
        for bytes: [UInt8] in [Array("no tar".utf8), [0x1f, 0x8b, 8, 0xff, 0xff, 0xff]] {
            #expect(throws: LayerArchiveError.uncompressedSizeExceeded(limit: 5)) { try read(bytes, options) }
        }
        #expect(throws: LayerArchiveError.uncompressedSizeExceeded(limit: 2047)) {
            try read(tar([TarMember("f", "1")]), Self.options(LayerLimits(uncompressedSize: 2047)))
        }
    }

    @Test("a reader that has refused refuses again")
    func refusesAgain() throws {
        let reader = LayerReader(Self.options(LayerLimits(uncompressedSize: 3)))
        let refusal = LayerArchiveError.uncompressedSizeExceeded(limit: 3)
        #expect(throws: refusal) { try Array("no tar, no gzip".utf8).withUnsafeBytes { try reader.update($0) } }
        #expect(throws: refusal) { try [UInt8(1)].withUnsafeBytes { try reader.update($0) } }
        #expect(throws: refusal) { try reader.finish() }
    }

    @Test("xz that asks for more memory than allowed is refused", arguments: pieces)
    func memory(piece: Int) throws {
        let options = Self.options(LayerLimits(decoderMemory: 16 << 20))
        #expect(throws: LayerArchiveError.decoderMemoryExceeded(limit: 16 << 20)) { try read(base64(Samples.e1XZ9), piece: piece, options) }
        #expect(try read(base64(Samples.e1XZ), piece: piece, options).diffID?.description == Samples.e1DiffID)
    }

    @Test("a tar with more members than are remembered has no tarsum, and is an archive all the same")
    func members() throws {
        let bytes = tar((0..<3).map { TarMember("\($0)") })
        #expect(
            try read(bytes, Self.options(LayerLimits(tarsumEntries: 3))).tarsums.map(\.description) == [
                "tarsum+sha256:e902b5545906a3e098c4484040797100400ea3f216a3e7d9faa5fda3753c715d"
            ])
        let contents = try read(bytes, Self.options(LayerLimits(tarsumEntries: 2), listsFiles: true))
        #expect(contents.tarsums == [])
        #expect(contents.isArchive)
        #expect(contents.files?.count == 3)
    }

    @Test("a long name beyond the limit leaves tarsum and listing unknown")
    func helpers() throws {
        let name = String(repeating: "n", count: 999)
        let tars = [
            tar([.gnuLong("L", name), TarMember("n", "1")]), tar([.gnuLong("K", name), TarMember("n", "1")]),
            tar([.pax([("comment", Array(name.utf8))]), TarMember("n", "1")]),
        ]
        for bytes in tars {
            let within = try read(bytes, Self.options(LayerLimits(helperSize: 1013), listsFiles: true))
            #expect(within.files?.count == 1)
            #expect(within.tarsums.count == 1)
            let beyond = try read(bytes, Self.options(LayerLimits(helperSize: 999), listsFiles: true))
            let expected = LayerContentsText(
                compression: .none, isArchive: true, diffID: nil, uncompressedSize: bytes.count, tarsums: [], files: nil)
            #expect(beyond.text == expected)
        }
    }

    @Test("a listing beyond its limits is refused")
    func listings() throws {
        let bytes = tar([TarMember("one"), TarMember("two")])
        #expect(try read(bytes, Self.options(LayerLimits(listedFiles: 2, listedPathBytes: 8), listsFiles: true)).files?.count == 2)
        #expect(throws: LayerArchiveError.listedFilesExceeded(limit: 1)) {
            try read(bytes, Self.options(LayerLimits(listedFiles: 1), listsFiles: true))
        }
        #expect(throws: LayerArchiveError.listedPathBytesExceeded(limit: 7)) {
            try read(bytes, Self.options(LayerLimits(listedPathBytes: 7), listsFiles: true))
        }
        #expect(try read(bytes, Self.options(LayerLimits(listedFiles: 1))).files == nil)
    }
}

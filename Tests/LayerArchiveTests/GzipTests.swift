import ImageModel
import LayerArchive
import Testing

@Suite("gzip headers and members")
struct GzipTests {
    private static let tarBytes = tar([TarMember("f", "1"), TarMember("after", "6")])
    private static let expected: LayerContentsText = .archive(
        .gzip, diffID: sha256(tarBytes).description, size: 3072,
        tarsum: "tarsum+sha256:5719335a5d23930097e1fc657dd237cb1b46a0df8c3fc189e4b7b4626e977b0e")

    @Test("every optional field, in every piece", arguments: pieces)
    func optionalFields(piece: Int) throws {
        for flags in 0..<16 {
            let member = GzipMember(Self.tarBytes) {
                if flags & 1 != 0 { $0.extra = flags & 8 == 0 ? [] : [UInt8](repeating: 7, count: 300) }
                if flags & 2 != 0 { $0.name = flags & 8 == 0 ? "" : String(repeating: "name", count: 100) }
                if flags & 4 != 0 { $0.comment = "a comment" }
                $0.hasHeaderSum = flags & 8 != 0
            }
            #expect(try read(member.bytes, piece: piece).text == Self.expected, "fields \(flags)")
        }
    }

    @Test("a tar spread over members with all fields", arguments: pieces)
    func spread(piece: Int) throws {
        let cuts = [0, 1, 511, 600, 1024, 2049, 3072]
        let bytes = zip(cuts, cuts.dropFirst()).flatMap { start, end in
            GzipMember(Array(Self.tarBytes[start..<end])) {
                $0.extra = [1, 2, 3]
                $0.name = "layer.tar"
                $0.comment = "part"
                $0.hasHeaderSum = true
            }.bytes
        }
        #expect(try read(bytes, piece: piece).text == Self.expected)
    }

    @Test("a wrong header sum, and reserved flags, stand for themselves", arguments: pieces)
    func damagedHeader(piece: Int) throws {
        var wrongSum = GzipMember(Self.tarBytes) { $0.hasHeaderSum = true }.bytes
        wrongSum[10] ^= 1
        let reserved = GzipMember(Self.tarBytes) { $0.reservedFlags = 0x20 }.bytes
        for bytes in [wrongSum, reserved] { #expect(try read(bytes, piece: piece).text == .opaque(size: bytes.count)) }
    }

    @Test("a wrong sum or length in the trailer stands for itself", arguments: pieces)
    func damagedTrailer(piece: Int) throws {
        let whole = GzipMember(Self.tarBytes).bytes
        for index in 1...8 {
            var bytes = whole
            bytes[bytes.count - index] ^= 1
            #expect(try read(bytes, piece: piece).text == .opaque(size: bytes.count))
        }
    }

    @Test("contents of many times the buffers come out whole", arguments: [0, 513, 65536, 300_000])
    func large(piece: Int) throws {
        // No two pieces alike, so that nothing can be lost or doubled unseen.
        let body = (0..<400_000).flatMap { withUnsafeBytes(of: UInt32($0) &* 2_654_435_761) { Array($0) } }
        let bytes = tar([
            TarMember("large") { $0.body = body }
        ])
        let contents = try read(GzipMember(bytes).bytes, piece: piece)
        #expect(contents.diffID == sha256(bytes))
        #expect(contents.uncompressedSize == bytes.count)
        #expect(try contents.tarsums == read(bytes).tarsums)
        #expect(contents.tarsums.count == 1)
    }
}

import ImageModel
import LayerArchive
import Testing

@Suite("Damaged tars")
struct DamagedTarTests {
    private static let sum = "tarsum+sha256:5719335a5d23930097e1fc657dd237cb1b46a0df8c3fc189e4b7b4626e977b0e"
    private static let members = [TarMember("f", "1"), TarMember("after", "6")]

    @Test("a plain tar is an archive exactly where it may be cut: between members, and within padding and end blocks")
    func cuts() throws {
        let whole = tar(Self.members)
        for length in 1..<whole.count {
            let isWhole = length >= 1024 + 512 + 1 && length <= 2048 || length >= 2048 + 512
            let isFirst = length >= 513 && length <= 1024
            let isArchive = isWhole || isFirst
            let contents = try read(Array(whole[..<length]))
            #expect(contents.isArchive == isArchive, "after \(length) bytes")
            #expect(contents.tarsums.count == (isArchive ? 1 : 0), "after \(length) bytes")
            #expect((contents.tarsums.first?.description == Self.sum) == isWhole, "after \(length) bytes")
            #expect(contents.diffID == nil)
            #expect(contents.uncompressedSize == length)
        }
    }

    @Test("one zero block ends a tar, and what follows does not matter", arguments: pieces)
    func end(piece: Int) throws {
        let members = Self.members.flatMap(\.bytes)
        for end in [[], [UInt8](repeating: 0, count: 512), [UInt8](repeating: 0, count: 512) + Array("anything".utf8)] {
            #expect(try read(members + end, piece: piece).tarsums.map(\.description) == [Self.sum])
        }
    }

    @Test("a packed tar that is damaged within keeps its diff id and has no tarsum")
    func packed() throws {
        var bytes = tar(Self.members)
        bytes[1024 + 3] ^= 1
        let contents = try read(GzipMember(bytes).bytes, LayerReader.Options(listsFiles: true))
        let expected = LayerContentsText(
            compression: .gzip, isArchive: true, diffID: sha256(bytes).description, uncompressedSize: bytes.count, tarsums: [], files: nil)
        #expect(contents.text == expected)
    }

    @Test("a header whose fields are no numbers, or too large, is no header")
    func numbers() throws {
        let fields: [(Int, [UInt8])] = [
            (100, Array("0x1ff".utf8)), (108, Array("9".utf8)), (116, Array("-1".utf8)), (124, Array("1e3".utf8)), (136, Array("now".utf8)),
            (124, [0xff] + [UInt8](repeating: 0xff, count: 11)), (136, [0x80, 1] + [UInt8](repeating: 0, count: 10)),
        ]
        for field in fields {
            let bytes = tar([TarMember("f", "1") { $0.patches = [(field.0, field.1)] }])
            #expect(try read(bytes).text == .opaque(size: bytes.count), "\(field)")
        }
    }

    @Test("a size beyond all bounds is a body that is cut off")
    func hugeSize() throws {
        let bytes = tar([TarMember("f", "1") { $0.patches = [(124, [0x80, 0, 0, 0, 0x7f] + [UInt8](repeating: 0xff, count: 7))] }])
        #expect(try read(bytes).text == .opaque(size: bytes.count))
    }

    @Test(
        "PAX records that are none spoil the tar",
        arguments: [
            "x", "5 a=b", "6 a=b\n6 a=b", "0 a=b\n", "-6 a=b\n", "99 a=b\n", "6 a b\n", "6 =ab\n", " 6 a=b\n",
            "8 uid=x\n", "12 mtime=1e3\n", "10 size=-1\n", "99999999999999999999 a=b\n", "2 \n", "4 =\n",
        ])
    func records(text: String) throws {
        let header = TarMember("PaxHeaders/x", text) { $0.type = UInt8(ascii: "x") }
        let bytes = tar([header, TarMember("f", "1")])
        #expect(try read(bytes).text == .opaque(size: bytes.count))
    }

    @Test("a helper header without its member spoils the tar")
    func loneHelper() throws {
        for helper in [TarMember.pax([("path", Array("p".utf8))]), .gnuLong("L", "name"), .gnuLong("K", "link")] {
            let file = TarMember("f", "1")
            for bytes in [tar([file, helper]), file.bytes + helper.bytes, file.bytes + helper.bytes.dropLast(10)] {
                #expect(try read(bytes).text == .opaque(size: bytes.count))
            }
        }
    }

    @Test("a sum over signed bytes, as some old tars wrote it, is right as well")
    func signedSum() throws {
        var member = TarMember("f", "1")
        member.name = [0xe9]
        var bytes = member.bytes
        let unsigned = try #require(Int(String(decoding: bytes[148..<154], as: UTF8.self), radix: 8))
        let digits = String(unsigned - 256, radix: 8)
        bytes.replaceSubrange(148..<154, with: (String(repeating: "0", count: 6 - digits.count) + digits).utf8)
        #expect(try read(bytes).isArchive)
        bytes[153] ^= 1
        #expect(try !read(bytes).isArchive)
    }
}

import LayerArchive
import Testing

@Suite("Damaged streams")
struct DamagedStreamTests {
    @Test(
        "any bit of a packed layer may be wrong: it is refused or read alike in any pieces",
        arguments: [Samples.e1, Samples.e2, Samples.e3, Samples.e1BZip2, Samples.e1XZ, Samples.helloGzip])
    func everyBit(sample: String) throws {
        let whole = try base64(sample)
        for bit in 0..<(whole.count * 8) {
            var bytes = whole
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let contents = try read(bytes)
            // What no sum covers: times and the like in gzip's header, and a magic number that is none any more.
            if contents.compression != .none { #expect(try contents.diffID == read(whole).diffID, "bit \(bit)") }
            for piece in [1, 64] { #expect(try read(bytes, piece: piece) == contents, "bit \(bit)") }
        }
    }

    @Test("any byte of a plain tar may be wrong: it is refused or read alike in any pieces")
    func everyByte() throws {
        let whole = tar([
            .pax([("path", Array("p/q".utf8)), ("size", Array("3".utf8)), ("SCHILY.xattr.user.a", [1])]), TarMember("x", "abc"),
            .gnuLong("L", String(repeating: "n", count: 150)), TarMember("y", "z") { $0.magic = .gnu },
        ])
        let options = LayerReader.Options(listsFiles: true)
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 0x15
            let contents = try read(bytes, options)
            #expect(contents.uncompressedSize == whole.count)
            for piece in [100, 513] { #expect(try read(bytes, piece: piece, options) == contents, "byte \(index)") }
        }
    }
}

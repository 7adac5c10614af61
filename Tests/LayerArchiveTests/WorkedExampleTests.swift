import ImageModel
import LayerArchive
import Testing

/// The examples of v1.md §6.3, whose sums real engines have confirmed. The sums by other hashes, and those of E2 and E3 that stand in no
/// document, come from an independent implementation (python3 with tarfile and hashlib).
@Suite("Worked examples")
struct WorkedExampleTests {
    static let v0 = Tarsum.Label(version: .v0)
    static let v1 = Tarsum.Label(version: .v1)
    static let dev = Tarsum.Label(version: .dev)

    @Test("a directory and a file, with the image's JSON", arguments: pieces)
    func directoryAndFile(piece: Int) throws {
        let options = LayerReader.Options(tarsums: [Self.v0, Self.v1], extra: Array(Samples.e1JSON.utf8), listsFiles: true)
        let contents = try read(base64(Samples.e1), piece: piece, options)
        let expected = LayerContentsText(
            compression: .gzip, isArchive: true, diffID: Samples.e1DiffID, uncompressedSize: 2560,
            tarsums: [Samples.e1Tarsum, "tarsum.v1+sha256:c1007857737c256389cbdef033f969f973f02225c3099fd616e6ac9dd4ec157f"],
            files: #"[["/d","d",false,0,1400000000,493,0,0],["/d/hi","f",false,6,1400000000,420,0,0]]"#)
        #expect(contents.text == expected)
    }

    @Test("a directory and a file, without the JSON")
    func withoutJSON() throws {
        let contents = try read(base64(Samples.e1), LayerReader.Options(tarsums: [Self.v0, Self.v1, Self.dev]))
        #expect(
            contents.tarsums.map(\.description) == [
                "tarsum+sha256:b38d08b1161c7b686dfa0be45c7947ac1180e61eda6a0312d699e54496ed9866",
                "tarsum.v1+sha256:a172dbd4ddba61567b0aae08ad90a510d16501b15585ece4b277f0e9d788af0f",
                "tarsum.dev+sha256:a172dbd4ddba61567b0aae08ad90a510d16501b15585ece4b277f0e9d788af0f",
            ])
    }

    @Test("extended attributes, a link and a device", arguments: pieces)
    func attributesLinkDevice(piece: Int) throws {
        let options = LayerReader.Options(tarsums: [Self.v0, Self.v1], extra: Array(Samples.e2JSON.utf8), listsFiles: true)
        let contents = try read(base64(Samples.e2), piece: piece, options)
        let expected = LayerContentsText(
            compression: .gzip, isArchive: true, diffID: "sha256:0121a2f4e27320e6b07005556a9323a2e15c96800bf889a939fa1a6a34a19b7d",
            uncompressedSize: 4096,
            tarsums: [
                "tarsum+sha256:51478bcb8dcf3d5f5ddd4352554982a46398efd8e222ec09eeffe9a8dd9800fb",
                "tarsum.v1+sha256:f0e354adb0014a90c513501bd3f5eb5b5c8ad5425f8de98dc137f38e807259bf",
            ],
            files: #"[["/cap","f",false,3,1400000000,493,0,0],["/ln","s",false,0,1400000000,511,0,0],"#
                + #"["/null","c",false,0,1400000000,438,0,0]]"#)
        #expect(contents.text == expected)
    }

    @Test("a path that comes twice has the sums of old and of new engines", arguments: pieces)
    func duplicates(piece: Int) throws {
        let contents = try read(base64(Samples.e3), piece: piece, LayerReader.Options(tarsums: [Self.v0, Self.v1]))
        #expect(
            contents.tarsums.map(\.description) == [
                "tarsum+sha256:dfd459e61cbef5165c2f9af2056d422ac32cf3f8b90d43a19ca26c5d056e5f4b",
                "tarsum+sha256:f64278fecd409c256d275463fbf5c4b2f6265d37f28203653a825d73744a26b9",
                "tarsum.v1+sha256:e3c39e4a92b846cc862e18cb974b9004d4bcc06959d14d2169ad9a70e19dc1cd",
            ])
        #expect(contents.diffID?.description == "sha256:f49a425b7d49030f31a8f460e348eebbd61166323e9accf559469a8d0e663270")
    }

    @Test(
        "a label's hash replaces all hashes",
        arguments: [
            "tarsum+sha512:46c0bbde3a4775d37f630e51816374c3ae23c70c818802e32121f89ce048293b"
                + "e6f240fecb741959a320034e05ff66192760677d3ce10e23478f48a04ca14a29",
            "tarsum+sha384:ccd75869a663d0b1a76589fa1294e5452a3b39fee0abd881cca1650bbf45438edc665d1db1843ec9b724493fadd5f7d6",
            "tarsum+sha1:de2fde7f640eb5a27c1eb58962a2a9b75488502f",
            "tarsum+md5:639c043b40b1f2ae531b8bd1c4e4d4a3",
            "tarsum.v1+sha512:bd665b1366240707c9dfca00e27fe32a0ed8c0217bbca7a0a4b0db582d1c1453"
                + "2c8682e003d25043464af537bda7c1c52c46a719b2c2861ffa716e999172ab37",
        ])
    func otherHashes(text: String) throws {
        let offered = try #require(Tarsum(text))
        let options = LayerReader.Options(tarsums: [offered.label], extra: Array(Samples.e1JSON.utf8))
        #expect(try read(base64(Samples.e1), options).tarsums == [offered])
    }

    @Test("a file with nothing in it and everything zero")
    func zeros() throws {
        let file = TarMember("file.txt") {
            $0.mode = 0
            $0.mtime = 0
        }
        #expect(
            try tarsums([file]) == [
                "tarsum+sha256:626c4a2e9a467d65c33ae81f7f3dedd4de8ccaee72af73223c4bc4718cbc7bbd",
                "tarsum.v1+sha256:6ffd43a1573a9913325b4918e124ee982a99c0f3cba90fc032a65f5e20bdd465",
            ])
    }
}

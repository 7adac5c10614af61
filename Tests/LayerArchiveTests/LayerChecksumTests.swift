import ImageModel
import LayerArchive
import Testing

@Suite("Checksums of a layer")
struct LayerChecksumTests {
    private static let hex = String(repeating: "0123456789abcdef", count: 4)

    @Test("the sum over JSON and layer, in any pieces", arguments: pieces)
    func payload(piece: Int) throws {
        let layer = try base64(Samples.e1)
        var sum = PayloadSum(json: Samples.e1JSON.utf8)
        let step = piece == 0 ? layer.count : piece
        for start in stride(from: 0, to: layer.count, by: step) {
            layer[start..<min(start + step, layer.count)].withUnsafeBytes { sum.update($0) }
        }
        #expect(sum.finalize().description == "sha256:e19c9104c426e65d3875adf93e6eb90a38f560ea789352641b5fd829d7b6d418")
    }

    @Test("the sums of nothing")
    func payloadOfNothing() {
        #expect(
            PayloadSum(json: []).finalize().description == "sha256:01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b")
        #expect(
            PayloadSum(json: "test".utf8).finalize().description
                == "sha256:f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2")
    }

    @Test("a payload sum is read from its text")
    func parsesPayload() throws {
        #expect(LayerChecksum("sha256:\(Self.hex)") == .payload(try #require(Digest("sha256:\(Self.hex)"))))
    }

    @Test("a tarsum's label says what to compute")
    func parsesTarsum() throws {
        let cases: [(String, Tarsum.Label)] = [
            ("tarsum+sha256:\(Self.hex)", Tarsum.Label(version: .v0, hash: .sha256)),
            ("tarsum.v1+sha256:\(Self.hex)", Tarsum.Label(version: .v1, hash: .sha256)),
            ("tarsum.dev+sha512:\(Self.hex)\(Self.hex)", Tarsum.Label(version: .dev, hash: .sha512)),
            ("tarsum+md5:\(Self.hex.prefix(32))", Tarsum.Label(version: .v0, hash: .md5)),
            ("tarsum.v1+sha1:\(Self.hex.prefix(40))", Tarsum.Label(version: .v1, hash: .sha1)),
            ("tarsum+sha384:\(Self.hex)\(Self.hex.prefix(32))", Tarsum.Label(version: .v0, hash: .sha384)),
        ]
        for (text, label) in cases {
            let tarsum = try #require(Tarsum(text))
            #expect(tarsum.label == label)
            #expect(tarsum.description == text)
            #expect(LayerChecksum(text) == .tarsum(tarsum))
        }
    }

    @Test(
        "any other text is refused",
        arguments: [
            "", ":", "sha256:", hex, "sha256:\(hex)0", "sha256:\(hex.dropLast())", "sha256:\(hex.uppercased())", "sha512:\(hex)\(hex)",
            "md5:\(hex)",
            "tarsum:\(hex)", "tarsum+sha256", "tarsum+sha256:", "tarsum+sha256:\(hex)a", "tarsum+sha256:\(hex.uppercased())",
            "tarsum+sha512:\(hex)", "tarsum.v2+sha256:\(hex)", "tarsum.v1+crc32:\(hex)", "tarsum+:\(hex)", "+sha256:\(hex)",
            "tarsum+sha256+sha256:\(hex)", "tarsum.v1 +sha256:\(hex)", "Tarsum+sha256:\(hex)", " sha256:\(hex)", "tarsum+sha256:\(hex)\n",
        ])
    func refuses(text: String) {
        #expect(LayerChecksum(text) == nil)
    }
}

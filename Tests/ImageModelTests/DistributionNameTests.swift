import Crypto
import ImageModel
import Testing

@Suite("Names of OCI distribution")
struct DistributionNameTests {
    @Test(
        "names that can be written under /v2/",
        arguments: ["foo", "a/b/c", "0/9", "a.b", "a_b", "a__b", "a-b", "a---b", "a.b_c__d-e--f0", "library/x"])
    func distribution(name: String) throws {
        #expect(try #require(RepositoryName(name)).isDistributionName)
    }

    @Test(
        "names that v1 alone allows",
        arguments: [
            "_foo", "foo_", "ns/-a", "ns/a-", "ns/.a", "ns/a.", "ns/a..b", "ns/a___b", "ns/a._b", "ns/a-_b", "ns/a.-b", "ns/...", "_ns/a",
            "a/b_/c",
        ])
    func notDistribution(name: String) throws {
        #expect(try #require(RepositoryName(name)).isDistributionName == false)
    }

    @Test("the digest of bytes under either algorithm")
    func digests() {
        let sha256 = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let sha512 =
            "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        #expect(Digest.of(Array("abc".utf8), .sha256).description == sha256)
        #expect(Digest.of(Array("abc".utf8), .sha512).description == sha512)
        #expect(Digest(SHA512.hash(data: Array("abc".utf8))) == Digest(sha512))
    }

    @Test("the tag for referrers is the algorithm and the first 64 digits")
    func referrersTag() throws {
        let sha256 = try #require(Digest("sha256:" + String(repeating: "a", count: 64)))
        #expect(sha256.referrersTag.text == "sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        let sha512 = try #require(Digest("sha512:" + String(repeating: "ab", count: 32) + String(repeating: "0", count: 64)))
        #expect(sha512.referrersTag.text == "sha512-abababababababababababababababababababababababababababababababab")
        #expect(ImageModel.Tag(sha512.referrersTag.text) == sha512.referrersTag)
    }

    @Test("an upload's id is a UUID in lower case")
    func uploadID() {
        #expect(UploadID("01234567-89ab-4def-8123-456789abcdef")?.text == "01234567-89ab-4def-8123-456789abcdef")
        for text in [
            "", "0123456789ab4def8123456789abcdef", "01234567-89AB-4def-8123-456789abcdef", "01234567-89ab-4def-8123-456789abcde",
            "01234567-89ab-4def-8123-456789abcdef0", "01234567-89ab-4def-81234-56789abcdef", "0123456g-89ab-4def-8123-456789abcdef",
            "01234567-89ab-4def-8123-456789abcdef-", "../34567-89ab-4def-8123-456789abcdef",
        ] { #expect(UploadID(text) == nil, "\(text)") }
    }

    @Test("a new upload has a new id of version 4")
    func randomUploadID() {
        let ids = (0..<200).map { _ in UploadID.random() }
        #expect(Set(ids).count == 200)
        for id in ids {
            #expect(UploadID(id.text) == id)
            let characters = Array(id.text)
            #expect(characters[14] == "4")
            #expect("89ab".contains(characters[19]))
        }
    }
}

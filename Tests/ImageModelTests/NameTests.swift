import ImageModel
import Testing

@Suite("Names are parsed or refused")
struct NameTests {
    @Test(
        "a repository name has its namespace, and is shown without the default one",
        arguments: [
            ("foo", "library/foo", "foo"), ("library/foo", "library/foo", "foo"), ("ns/foo", "ns/foo", "ns/foo"),
            ("a/b/c", "a/b/c", "a/b/c"), ("library/a/b", "library/a/b", "library/a/b"), ("_foo", "library/_foo", "_foo"),
            ("ns/a__-b", "ns/a__-b", "ns/a__-b"), ("tags/images", "tags/images", "tags/images"), ("...", "library/...", "..."),
        ])
    func repositoryName(written: String, text: String, shown: String) throws {
        let name = try #require(RepositoryName(written))
        #expect(name.text == text)
        #expect(name.shown == shown)
        #expect(RepositoryName(name.shown) == name)
    }

    @Test(
        "what is no repository name is refused",
        arguments: ["", "/", "a/", "/a", "a//b", "Foo", "ns/Foo", "a/../b", "..", ".", "a/.", "a b", "a:b", "ä", "a\0", "a\\b", "a@b"])
    func noRepositoryName(written: String) {
        #expect(RepositoryName(written) == nil)
    }

    @Test("a repository name has at most 255 bytes")
    func longName() {
        #expect(RepositoryName("ns/" + String(repeating: "a", count: 252)) != nil)
        #expect(RepositoryName("ns/" + String(repeating: "a", count: 253)) == nil)
    }

    @Test("tags follow the grammar of engines", arguments: ["latest", "1.0", "_x", "A-B.c", String(repeating: "t", count: 128)])
    func tag(text: String) {
        #expect(ImageModel.Tag(text)?.text == text)
    }

    @Test("what is no tag is refused", arguments: ["", ".x", "-x", "a/b", "a b", "ä", "a:b", String(repeating: "t", count: 129)])
    func noTag(text: String) {
        #expect(ImageModel.Tag(text) == nil)
    }

    @Test("image ids have 64 or 16 lower-case hexadecimal digits")
    func imageID() {
        let id = String(repeating: "0a", count: 32)
        #expect(ImageID(id)?.text == id)
        #expect(ImageID("0123456789abcdef") != nil)
        for text in ["", "0", id.uppercased(), String(id.dropLast()), id + "0", String(repeating: "g", count: 64), "../" + id.dropFirst(3)]
        {
            #expect(ImageID(text) == nil)
        }
    }

    @Test("digests have a known algorithm and its length")
    func digest() {
        let hex = String(repeating: "ab", count: 32)
        #expect(Digest("sha256:\(hex)")?.description == "sha256:\(hex)")
        #expect(Digest("sha512:\(hex)\(hex)")?.algorithm == .sha512)
        for text in ["", hex, "sha256:", "sha256:\(hex.uppercased())", "sha256:\(hex)0", "md5:\(hex)", "sha512:\(hex)", "SHA256:\(hex)"] {
            #expect(Digest(text) == nil)
        }
    }
}

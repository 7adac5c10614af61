import Testing

@testable import Credentials

@Suite struct APIKeyTextTests {
    private static let text = "wharf_abcdefghijklmnop" + "aebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4pa"

    @Test("a key is read: its lookup stands in front, its digest is SHA-256 of the whole text")
    func read() throws {
        let key = try #require(APIKeyText(Self.text))
        #expect(key.text == Self.text)
        #expect(key.lookup == "abcdefghijklmnop")
        #expect(key.digest.count == 32)
        #expect(key.digest.prefix(4) == [101, 128, 94, 87])
        #expect(key.matches(digest: key.digest))
    }

    @Test("another secret, a part of a digest and no digest do not match")
    func other() throws {
        let key = try #require(APIKeyText(Self.text))
        let other = try #require(APIKeyText(Self.text.dropLast(2) + "ba"))
        #expect(other.lookup == key.lookup)
        #expect(!other.matches(digest: key.digest))
        #expect(!key.matches(digest: Array(key.digest.dropLast())))
        #expect(!key.matches(digest: []))
    }

    @Test("a new key is read back, and no two are alike")
    func make() {
        let keys = (0..<100).map { _ in APIKeyText.make() }
        #expect(keys.allSatisfy { APIKeyText($0.text) == $0 })
        #expect(keys.allSatisfy { $0.text.utf8.count == 74 && $0.text.hasPrefix("wharf_\($0.lookup)") })
        #expect(Set(keys.map(\.lookup)).count == 100)
        #expect(Set(keys.map { $0.text.suffix(52) }).count == 100)
    }

    @Test("what is not exactly a key is none")
    func refused() {
        let texts = [
            "", "wharf_", "password", String(Self.text.dropLast()), Self.text + "a", Self.text.uppercased(),
            "wharg" + Self.text.dropFirst(5),
            String(Self.text.dropLast()) + "b", String(Self.text.dropLast()) + "1", String(Self.text.dropLast(2)) + "é",
        ]
        #expect(texts.filter { APIKeyText($0) != nil } == [])
    }
}

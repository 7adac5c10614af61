import Testing

@testable import Credentials

@Suite struct PasswordHashTests {
    /// Made with OpenSSL's scrypt.
    @Test(
        "a hash that another program made is read, and matches its password only",
        arguments: [
            "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$W/Rtq72Htgcz3Syd3hrCAGsXSEqmMzUBgphIKWl53WE",
            "$scrypt$ln=11,r=4,p=2$AAECAwQFBgcICQoLDA0ODw$xDUlmABIqaoZNnFNUmMv88xfqSBFyHtVMxFG0tirwo4",
        ])
    func foreignHash(text: String) throws {
        let hash = try #require(PasswordHash(text))
        #expect(hash.matches("pässword"))
        #expect(["password", "pässwor", "pässword ", "", "pässword\0"].map(hash.matches) == [false, false, false, false, false])
        #expect(hash.text == text)
    }

    @Test("a new hash says its cost, is read back, and matches its password only")
    func derive() throws {
        let hash = try PasswordHash.derive("correct horse", logarithm: 10)
        #expect(hash.text.hasPrefix("$scrypt$ln=10,r=8,p=1$"))
        #expect(PasswordHash(hash.text) == hash)
        #expect(hash.matches("correct horse"))
        #expect(!hash.matches("correct horsf"))
    }

    @Test("the default cost is ln=15")
    func defaultCost() throws {
        let hash = try PasswordHash.derive("x")
        #expect(hash.text.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
        #expect(hash.matches("x"))
        #expect(PasswordHash.decoy.text.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
    }

    @Test("one password twice has two texts")
    func salt() throws {
        #expect(try PasswordHash.derive("x", logarithm: 10) != PasswordHash.derive("x", logarithm: 10))
    }

    @Test("a text that asks for too much, or is not in the form that is written, is no hash")
    func refused() {
        let salt = "AAECAwQFBgcICQoLDA0ODw"
        let hash = "W/Rtq72Htgcz3Syd3hrCAGsXSEqmMzUBgphIKWl53WE"
        let texts = [
            "", "$", "$scrypt$", "plain", "scrypt$ln=10,r=8,p=1$\(salt)$\(hash)", "$bcrypt$ln=10,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=9,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=18,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=62,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=99999999999999999999,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=-10,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=+10,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=010,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=10,r=9,p=1$\(salt)$\(hash)", "$scrypt$ln=10,r=0,p=1$\(salt)$\(hash)", "$scrypt$ln=10,r=8,p=5$\(salt)$\(hash)",
            "$scrypt$ln=10,r=8,p=0$\(salt)$\(hash)", "$scrypt$ln=10,r=8$\(salt)$\(hash)", "$scrypt$r=8,ln=10,p=1$\(salt)$\(hash)",
            "$scrypt$ln=10,r=8,p=1,x=1$\(salt)$\(hash)", "$scrypt$ln=10,r=8,p=1$\(salt)$", "$scrypt$ln=10,r=8,p=1$$\(hash)",
            "$scrypt$ln=10,r=8,p=1$\(salt)==$\(hash)", "$scrypt$ln=10,r=8,p=1$\(salt)$\(hash)=", "$scrypt$ln=10,r=8,p=1$\(salt)$\(hash)$",
            "$scrypt$ln=10,r=8,p=1$\(salt.dropLast())B$\(hash)", "$scrypt$ln=10,r=8,p=1$\(salt)$\(hash) ",
            "$scrypt$ln=10,r=8,p=1$\(salt)$\(hash.dropLast())", "$scrypt$ln=10,r=8,p=1$\(String(repeating: "A", count: 500))$\(hash)",
        ]
        #expect(texts.filter { PasswordHash($0) != nil } == [])
        #expect(PasswordHash("$scrypt$ln=10,r=8,p=1$\(salt)$\(hash)") != nil)
    }

    @Test("a cost out of bounds and a password with a NUL are refused")
    func cost() {
        #expect(throws: PasswordHash.Failure.password) { try PasswordHash.derive("x\0", logarithm: 10) }
        #expect(throws: PasswordHash.Failure.cost) { try PasswordHash.derive("x", logarithm: 9) }
        #expect(throws: PasswordHash.Failure.cost) { try PasswordHash.derive("x", logarithm: 18) }
    }

    @Test("neither a hash nor a key shows its secret when it is printed")
    func printed() throws {
        let hash = try #require(PasswordHash("$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$W/Rtq72Htgcz3Syd3hrCAGsXSEqmMzUBgphIKWl53WE"))
        let bcrypt = try #require(CryptHash("$2y$04$abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm"))
        let key = try #require(APIKeyText("wharf_abcdefghijklmnop" + String(repeating: "a", count: 52)))
        #expect("\(hash) \(bcrypt) \(key)" == "$scrypt$ln=10,r=8,p=1$… $2y$04$… wharf_abcdefghijklmnop…")
    }
}

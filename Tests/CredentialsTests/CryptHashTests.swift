import Testing

@testable import Credentials

@Suite struct CryptHashTests {
    static let digits = "abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm"

    @Test("all three spellings of bcrypt are taken", arguments: ["$2a$", "$2b$", "$2y$"])
    func spellings(prefix: String) throws {
        let hash = try #require(CryptHash("\(prefix)04$\(Self.digits)"))
        #expect(hash.cost == 4)
        #expect(hash.text == "\(prefix)04$\(Self.digits)")
        #expect(hash.matches("s3cret!"))
        #expect(["s3cret", "S3cret!", "s3cret!!", ""].map(hash.matches) == [false, false, false, false])
    }

    @Test("a hash as htpasswd prints it matches")
    func htpasswd() throws {
        let hash = try #require(CryptHash("$2y$04$YpebnQmyoxAajus1MOPnIO/0pe2NpMuZSqN.K2uiMI1jYnp5kEdPW"))
        #expect(hash.matches("s3cret!"))
        #expect(!hash.matches("secret!"))
    }

    @Test("bits that are left over in the salt's last digit do not matter")
    func looseSalt() {
        let loose = "$2y$04$abcdefghijklmnopqrstuv" + Self.digits.dropFirst(22)
        #expect(CryptHash(loose)?.matches("s3cret!") == true)
    }

    @Test("72 bytes of a password count, however long it is")
    func longPassword() throws {
        let hash = try #require(CryptHash("$2y$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i"))
        #expect([72, 73, 600, 71].map { hash.matches(String(repeating: "x", count: $0)) } == [true, true, true, false])
    }

    @Test("a password with a NUL matches nothing")
    func nul() throws {
        let hash = try #require(CryptHash("$2y$04$\(Self.digits)"))
        #expect(!hash.matches("s3cret!\0"))
        #expect(!hash.matches("s3cret!\0more"))
    }

    @Test("what is no whole bcrypt hash, or costs too much or too little, is refused")
    func refused() {
        let texts = [
            "", "$2y$", "$2x$04$\(Self.digits)", "$2$04$\(Self.digits)", "$2y$03$\(Self.digits)", "$2y$18$\(Self.digits)",
            "$2y$31$\(Self.digits)", "$2y$4$\(Self.digits)", "$2y$04$\(Self.digits.dropLast())", "$2y$04$\(Self.digits)m",
            "$2y$04$\(Self.digits.dropLast())=", "$2y$04.\(Self.digits)", "$2y$0a$\(Self.digits)",
        ]
        #expect(texts.filter { CryptHash($0) != nil } == [])
        #expect(CryptHash("$2y$17$\(Self.digits)")?.cost == 17)
    }

    @Test("a decoy has the cost that is asked for and matches nothing")
    func decoy() {
        #expect(CryptHash(CryptHash.decoy(cost: 5).text)?.cost == 5)
        #expect([3, 10, 40].map { CryptHash.decoy(cost: $0).text.prefix(7) } == ["$2y$04$", "$2y$10$", "$2y$17$"])
        #expect(!CryptHash.decoy(cost: 4).matches(""))
    }
}

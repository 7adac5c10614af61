import Testing

@testable import Credentials

@Suite struct SignerTests {
    private static let key = Array(0..<32 as Range<UInt8>)

    /// Computed with Python's hmac.
    @Test("a signature is HMAC-SHA256 with a key that HKDF derived for the purpose")
    func signature() throws {
        let signer = try #require(Signer(key: Self.key, purpose: "repository token"))
        #expect(
            signer.sign(Array("message".utf8)) == [
                137, 247, 0, 144, 86, 236, 153, 101, 19, 247, 55, 214, 2, 8, 138, 16, 249, 81, 138, 208, 100, 100, 45, 49, 77, 164, 188, 73,
                178, 214, 243, 184,
            ])
    }

    @Test("a signature is valid for its message, its purpose and its key only, and only whole")
    func valid() throws {
        let signer = try #require(Signer(key: Self.key, purpose: "repository token"))
        let message: [UInt8] = [1, 2, 3]
        let signature = signer.sign(message)
        #expect(signer.isValid(signature, for: message))
        #expect(!signer.isValid(signature, for: [1, 2, 4]))
        #expect(!signer.isValid(signature, for: []))
        #expect(!signer.isValid(Array(signature.dropLast()), for: message))
        #expect(!signer.isValid(signature + [0], for: message))
        #expect(!signer.isValid([], for: message))
        #expect((0..<32).allSatisfy { index in !signer.isValid(signature.flipped(at: index), for: message) })
        let others = [Signer(key: Self.key, purpose: "e-mail link"), Signer(key: Self.key + [0], purpose: "repository token")]
        #expect(others.map { $0?.isValid(signature, for: message) } == [false, false])
    }

    @Test("a key of less than 32 bytes is refused")
    func shortKey() {
        #expect(Signer(key: Array(Self.key.dropLast()), purpose: "x") == nil)
        #expect(Signer(key: Self.key, purpose: "x") != nil)
    }
}

@Suite struct Base64URLTests {
    @Test(
        "bytes and their only text",
        arguments: [
            ([], ""), ([0], "AA"), ([0xff], "_w"), ([0xfb, 0xf0], "-_A"), ([1, 2, 3], "AQID"), ([0xff, 0xff, 0xfe, 0x66], "___-Zg"),
        ] as [([UInt8], String)])
    func pairs(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(
        "padding, the other alphabet, left-over bits and digits, blanks: refused",
        arguments: ["AA==", "+w", "AB", "A", "AAAAA", "A A", "é", "AQI/"])
    func refused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("all lengths come back")
    func lengths() {
        for length in 0..<70 {
            let bytes = SecretBytes.random(length)
            #expect(bytes.count == length)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            #expect(BitDigits.base32.decode(BitDigits.base32.encode(bytes)) == bytes)
        }
    }
}

extension [UInt8] {
    fileprivate func flipped(at index: Int) -> [UInt8] {
        var copy = self
        copy[index] ^= 1
        return copy
    }
}

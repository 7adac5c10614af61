import Crypto
import Foundation
import Testing

@testable import AccessTokens

@Suite("Class I: tokens that only look like ours")
struct ForgeryTests {
    let secret = P256.Signing.PrivateKey()
    let key: VerificationKey
    let kid: String

    init() async throws {
        let key = try #require(SigningKey(rawRepresentation: Array(secret.rawRepresentation), createdAt: 0))
        self.key = try await VerificationKey(key)
        kid = key.kid
    }

    private func refusal(of token: String, now: Int64 = Forge.now) -> TokenRefusal? {
        Forge.refusal(of: token, key: { $0 == kid ? key : nil }, now: now)
    }

    private var header: String { #"{"alg":"ES256","kid":"\#(kid)"}"# }

    @Test("the token that the others are made from is good")
    func good() throws {
        #expect(try refusal(of: Forge.token(header, by: secret)) == nil)
    }

    @Test("no signature is none, whatever the header calls it", arguments: ["none", "None", "NONE", "nOnE", "", "HS256", "ES256"])
    func none(algorithm: String) throws {
        let header = #"{"alg":"\#(algorithm)","kid":"\#(kid)"}"#
        let token = try Forge.token(header)
        #expect(token.hasSuffix("."))
        #expect(refusal(of: token) == (algorithm == "ES256" ? .signature : .algorithm))
    }

    @Test("the public key is no shared secret")
    func publicKeyAsSecret() throws {
        let forms = [
            Data(secret.publicKey.pemRepresentation.utf8), secret.publicKey.derRepresentation, secret.publicKey.rawRepresentation,
            secret.publicKey.x963Representation,
        ]
        for form in forms {
            for algorithm in ["HS256", "ES256"] {
                let token = try Forge.token(#"{"alg":"\#(algorithm)","kid":"\#(kid)"}"#) {
                    Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: form)))
                }
                #expect(refusal(of: token) == (algorithm == "ES256" ? .signature : .algorithm))
            }
        }
    }

    @Test("another curve's signature is none, under either name")
    func otherCurve() throws {
        let other = P384.Signing.PrivateKey()
        for algorithm in ["ES256", "ES384"] {
            let token = try Forge.token(#"{"alg":"\#(algorithm)","kid":"\#(kid)"}"#) { try other.signature(for: $0).rawRepresentation }
            #expect(refusal(of: token) == (algorithm == "ES256" ? .signature : .algorithm))
        }
    }

    @Test("a right signature under another algorithm's name is none", arguments: ["ES384", "es256", "RS256", "PS256", "EdDSA", "ES256K"])
    func otherName(algorithm: String) throws {
        #expect(try refusal(of: Forge.token(#"{"alg":"\#(algorithm)","kid":"\#(kid)"}"#, by: secret)) == .algorithm)
    }

    @Test("a key that a token brings along is not its judge", arguments: ["jwk", "x5c", "jku", "x5u"])
    func embeddedKey(field: String) throws {
        let attacker = P256.Signing.PrivateKey()
        let point = attacker.publicKey.rawRepresentation
        let jwk = """
            {"kty":"EC","crv":"P-256","x":"\(Base64URLText.encode(point.prefix(32)))","y":"\(Base64URLText.encode(point.suffix(32)))"}
            """
        let value =
            switch field {
            case "jwk": jwk
            case "x5c": "[\"\(attacker.publicKey.derRepresentation.base64EncodedString())\"]"
            default: "\"https://attacker.example.com/keys\""
            }
        #expect(try refusal(of: Forge.token(#"{"alg":"ES256","kid":"\#(kid)","\#(field)":\#(value)}"#, by: attacker)) == .signature)
        #expect(try refusal(of: Forge.token(#"{"alg":"ES256","\#(field)":\#(value)}"#, by: attacker)) == .keyUnknown)
        #expect(try refusal(of: Forge.token(#"{"alg":"ES256","kid":"attacker","\#(field)":\#(value)}"#, by: attacker)) == .keyUnknown)
        // What stands there does no harm either: the pinned key counts.
        #expect(try refusal(of: Forge.token(#"{"alg":"ES256","kid":"\#(kid)","\#(field)":\#(value)}"#, by: secret)) == nil)
    }

    @Test("an extension that has to be understood is not", arguments: [#"["exp"]"#, #"["b64"]"#, "[]", "null", "1"])
    func critical(value: String) throws {
        #expect(try refusal(of: Forge.token(#"{"alg":"ES256","kid":"\#(kid)","crit":\#(value)}"#, by: secret)) == .critical)
    }

    @Test("an unknown name of a key, and none, find no key", arguments: [#","kid":"x""#, #","kid":"""#, #","kid":"../keys/x""#, ""])
    func unknownKey(field: String) throws {
        #expect(try refusal(of: Forge.token(#"{"alg":"ES256"\#(field)}"#, by: secret)) == .keyUnknown)
    }

    @Test(
        "time, issuer and service have to be right",
        arguments: [
            ("\"exp\":1400000300", "\"exp\":1400000000", TokenRefusal.expired), ("\"exp\":1400000300", "\"exp\":1399999999.9", .expired),
            ("\"exp\":1400000300", "\"exp\":-1", .expired), ("\"exp\":1400000300", "\"exp\":1400000000.9", .expired),
            ("\"exp\":1400000300,", "", .malformed), ("\"exp\":1400000300", "\"exp\":\"1400000300\"", .malformed),
            ("\"exp\":1400000300", "\"exp\":1e400", .malformed), ("\"exp\":1400000300", "\"exp\":1e300", .malformed),
            ("\"exp\":1400000300", "\"exp\":null", .malformed), ("\"nbf\":1400000000", "\"nbf\":1400000061", .notYetValid),
            ("\"iat\":1400000000", "\"iat\":1400000061", .notYetValid), ("\"iat\":1400000000", "\"iat\":1400000060.5", .notYetValid),
            ("https://auth.example.com", "https://auth.example.com/", .issuer), ("https://auth.example.com", "", .issuer),
            ("\"iss\":\"https://auth.example.com\",", "", .malformed), ("\"registry.example.com\"", "\"other.example.com\"", .audience),
            ("\"registry.example.com\"", "\"\"", .audience), ("\"registry.example.com\"", "[]", .audience),
            ("\"registry.example.com\"", "[\"other.example.com\"]", .audience), ("\"aud\":\"registry.example.com\",", "", .malformed),
            ("\"registry.example.com\"", "{}", .malformed), ("\"registry.example.com\"", "\"registry.example.com.evil.org\"", .audience),
            ("\"sub\":\"alice\"", "\"sub\":7", .malformed), ("\"actions\":[\"pull\"]", "\"actions\":\"pull\"", .malformed),
        ])
    func claims(from: String, to: String, expected: TokenRefusal) throws {
        let payload = Forge.payload.replacing(from, with: to)
        #expect(payload != Forge.payload)
        #expect(try refusal(of: Forge.token(header, payload, by: secret)) == expected)
    }

    @Test("clocks may differ by a minute, a service may be one of several, and what is optional may be missing")
    func leeway() throws {
        for (from, to) in [
            ("\"nbf\":1400000000", "\"nbf\":1400000060"), ("\"iat\":1400000000", "\"iat\":1400000060"),
            ("\"registry.example.com\"", "[\"other\",\"registry.example.com\"]"), (",\"iat\":1400000000,\"nbf\":1400000000", ""),
            ("\"jti\":\"one\",", ""), ("\"sub\":\"alice\",", ""), ("\"exp\":1400000300", "\"exp\":1400000001"),
        ] {
            let payload = Forge.payload.replacing(from, with: to)
            #expect(payload != Forge.payload)
            #expect(try refusal(of: Forge.token(header, payload, by: secret)) == nil, "\(to)")
        }
    }

    @Test("a token is over at the second that it names, without leeway")
    func end() throws {
        let token = try Forge.token(header, by: secret)
        #expect(refusal(of: token, now: 1_400_000_299) == nil)
        #expect(refusal(of: token, now: 1_400_000_300) == .expired)
    }

    @Test("no letter of a token can be another")
    func changes() throws {
        let token = Array(try Forge.token(header, by: secret).utf8)
        for index in token.indices {
            var changed = token
            changed[index] = token[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(refusal(of: String(decoding: changed, as: UTF8.self)) != nil, "letter \(index)")
        }
    }

    @Test("a token has one spelling")
    func spelling() throws {
        let token = try Forge.token(header, by: secret)
        let parts = token.split(separator: ".").map { String($0) }
        let standard = token.replacing("-", with: "+").replacing("_", with: "/")
        for text in [
            token + "=", token + "==", token + " ", " " + token, token + "\n", "\(parts[0])=.\(parts[1]).\(parts[2])",
            "\(parts[0]) .\(parts[1]).\(parts[2])",
        ] + (standard == token ? [] : [standard]) {
            #expect(refusal(of: text) == .malformed, "\(text.suffix(8))")
        }
        #expect(refusal(of: token + "A") == .signature)
    }

    @Test("what is no token is told before anything is taken apart")
    func malformed() throws {
        let dots = String(repeating: ".", count: TokenText.lengthLimit)
        for text in ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30", dots, "é.é.é", "\0.\0.\0"] {
            #expect(refusal(of: text) == .malformed, "\(text.prefix(8))")
        }
        #expect(refusal(of: dots + ".") == .tooLong)
        #expect(refusal(of: String(repeating: "A", count: 1 << 20)) == .tooLong)
        for header in ["[]", "\"ES256\"", "{\"alg\":1}", "{\"kid\":\"x\"}", "{\"alg\":\"ES256\",\"kid\":7}", "{\"alg\":null}"] {
            #expect(try refusal(of: Forge.token(header, by: secret)) == .malformed, "\(header)")
        }
        let deep = String(repeating: "[", count: 6000)
        #expect(try refusal(of: Forge.token(deep, by: secret)) == .malformed)
        #expect(try refusal(of: Forge.token(self.header, deep, by: secret)) == .malformed)
        #expect(try refusal(of: Forge.token(self.header, "not json", by: secret)) == .malformed)
    }

    @Test("a hundred scopes are enough")
    func scopes() throws {
        for (count, expected) in [(100, TokenRefusal?.none), (101, .tooManyScopes)] {
            let scopes = (0..<count).map { #"{"type":"repository","name":"a/r\#($0)","actions":["pull"]}"# }.joined(separator: ",")
            let payload = Forge.payload.replacing(#"{"type":"repository","name":"team/app","actions":["pull"]}"#, with: scopes)
            #expect(try refusal(of: Forge.token(header, payload, by: secret)) == expected)
        }
    }
}

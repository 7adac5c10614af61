import Crypto
import Foundation
import Testing

@testable import AccessTokens

@Suite("Access tokens of our own")
struct TokenTests {
    static let claims = TokenClaims(
        subject: "alice", scopes: [GrantedScope(type: "repository", name: "team/app", actions: ["pull", "push"])],
        issuedAt: Forge.now, notBefore: Forge.now, expiresAt: Forge.now + 300, id: "one",
        binding: TokenClaims.Binding(key: 7, stamp: [1, 2, 3, 255]))
    static let issuer = TokenIssuer(issuer: Forge.verifier.issuer, service: Forge.verifier.audience)

    @Test("a token says again what it was made of")
    func claims() async throws {
        let key = SigningKey(createdAt: Forge.now)
        let token = try await Self.issuer.token(Self.claims, with: key)
        let verification = try await VerificationKey(key)
        let found = try Forge.verifier.claims(of: token, key: { $0 == key.kid ? verification : nil }, now: Forge.now)
        #expect(found == Self.claims)
    }

    @Test("a token is what Docker's documents say, and nothing more")
    func form() async throws {
        let key = SigningKey(createdAt: Forge.now)
        let parts = try await Self.issuer.token(Self.claims, with: key).split(separator: ".").map { String($0) }
        let header = try #require(Base64URLText.decode(parts[0].utf8))
        let payload = try #require(Base64URLText.decode(parts[1].utf8))
        let fields = try #require(try JSONSerialization.jsonObject(with: header) as? [String: String])
        #expect(fields == ["alg": "ES256", "typ": "JWT", "kid": key.kid])
        let expected = """
            {"iss":"https://auth.example.com","sub":"alice","aud":"registry.example.com","exp":1400000300,"nbf":1400000000,"iat":1400000000,
            "jti":"one","access":[{"type":"repository","name":"team/app","actions":["pull","push"]}],"wharf":{"key":7,"stamp":"AQID_w"}}
            """
        let found = try JSONSerialization.jsonObject(with: payload) as? NSDictionary
        let wanted = try JSONSerialization.jsonObject(with: Data(expected.utf8)) as? NSDictionary
        #expect(found == wanted)
    }

    @Test("a key comes back from its bytes, with its name, and shows its secret to no log")
    func storedKey() throws {
        let key = SigningKey(createdAt: 5)
        let again = try #require(SigningKey(rawRepresentation: key.rawRepresentation, createdAt: 5))
        #expect(again.kid == key.kid && again.rawRepresentation == key.rawRepresentation && key.kid.utf8.count == 43)
        #expect("\(key)" == key.kid)
        var dumped = ""
        dump(key, to: &dumped)
        #expect(dumped.filter { $0.isNumber }.count < 64)
        #expect(SigningKey(rawRepresentation: [1, 2, 3], createdAt: 5) == nil)
        #expect(SigningKey(rawRepresentation: [UInt8](repeating: 0, count: 32), createdAt: 5) == nil)
    }

    @Test("our published keys are what others can pin")
    func published() async throws {
        let keys = [SigningKey(createdAt: 1), SigningKey(createdAt: 2)]
        let set = try await VerificationKeySet(file: VerificationKeySet.jwks(of: keys))
        #expect(set.keys.map(\.thumbprint) == keys.map(\.kid))
        let token = try await Self.issuer.token(Self.claims, with: keys[1])
        #expect(Forge.refusal(of: token, key: { set[$0] }) == nil)
        let point = try P256.Signing.PrivateKey(rawRepresentation: keys[0].rawRepresentation).publicKey.rawRepresentation
        let x = Base64URLText.encode(point.prefix(32))
        let y = Base64URLText.encode(point.suffix(32))
        #expect(
            String(decoding: VerificationKeySet.jwks(of: [keys[0]]), as: UTF8.self) == """
                {"keys":[{"alg":"ES256","crv":"P-256","kid":"\(keys[0].kid)","kty":"EC","use":"sig","x":"\(x)","y":"\(y)"}]}
                """)
        #expect(String(decoding: VerificationKeySet.jwks(of: []), as: UTF8.self) == #"{"keys":[]}"#)
    }

    @Test("the name of a key is the one that RFC 7638 computes in its example")
    func thumbprint() throws {
        let n = """
            0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3ok\
            njhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu\
            6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8a\
            wapJzKnqDKgw
            """
        let key = try JSONDecoder().decode(
            JSONWebKey.self, from: Data(#"{"kty":"RSA","n":"\#(n)","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#.utf8))
        #expect(key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }
}

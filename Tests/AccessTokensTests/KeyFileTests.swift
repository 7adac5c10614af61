import Foundation
import Testing

@testable import AccessTokens

@Suite("Keys of an outside token server")
struct KeyFileTests {
    private static func set(_ text: String) async throws -> VerificationKeySet { try await VerificationKeySet(file: Array(text.utf8)) }

    private static func jwks(_ keys: [String]) -> String { "\n {\"keys\":[\(keys.joined(separator: ","))]}" }

    private static func named(_ key: OutsideKey, _ name: String) -> String { key.jwk.dropLast() + ",\"kid\":\"\(name)\"}" }

    @Test("what another program has signed is good, whichever form its key is given in", arguments: OutsideKey.all)
    func forms(key: OutsideKey) async throws {
        let expected = TokenClaims(
            subject: "alice", scopes: [GrantedScope(type: "repository", name: "team/app", actions: ["pull", "push"])],
            issuedAt: 1_400_000_000, notBefore: 1_399_999_991, expiresAt: 1_400_000_300, id: "one", binding: nil)
        let files = [key.pem, Self.jwks([key.jwk]), Self.jwks([Self.named(key, key.kid)])] + [key.certificate].compactMap(\.self)
        for file in files {
            let set = try await Self.set(file)
            #expect(set.keys.map(\.algorithm) == [key.algorithm] && set.keys.map(\.thumbprint) == [key.thumbprint])
            #expect(try Forge.verifier.claims(of: key.token, key: { set[$0] }, now: Forge.now) == expected)
        }
    }

    @Test("no other key has signed it", arguments: OutsideKey.all)
    func others(key: OutsideKey) async throws {
        for other in OutsideKey.all where other.algorithm != key.algorithm {
            let set = try await Self.set(other.pem)
            #expect(Forge.refusal(of: key.token, key: { set[$0] }) == .algorithm)
        }
        let last = try #require(key.token.last)
        let changed = key.token.dropLast(5) + (last == "A" ? "BBBB" : "AAAA") + [last]
        let set = try await Self.set(key.pem)
        #expect(Forge.refusal(of: String(changed), key: { set[$0] }) == .signature)
    }

    @Test("of several keys the named one counts: by its sums where the file has no names")
    func names() async throws {
        let set = try await Self.set(OutsideKey.all.map(\.pem).joined(separator: "\n"))
        for key in OutsideKey.all {
            #expect(set[key.thumbprint]?.algorithm == key.algorithm)
            if key.algorithm != "EdDSA" { #expect(set[key.kid]?.algorithm == key.algorithm) }
        }
        #expect(set[nil] == nil && set["x"] == nil && set[""] == nil)
    }

    @Test("a key alone needs no name; one that has a name is called so")
    func alone() async throws {
        let nameless = try await Self.set(OutsideKey.es256.pem)
        #expect(nameless[nil] != nil && nameless["whatever"] != nil)
        let named = try await Self.set(Self.jwks([Self.named(.es256, "one")]))
        #expect(named[nil] != nil && named["one"] != nil && named["two"] == nil && named[OutsideKey.es256.thumbprint] == nil)
    }

    @Test("keys for other things in a set are left out")
    func mixed() async throws {
        let set = try await Self.set(
            Self.jwks([
                #"{"kty":"oct","k":"c2VjcmV0","kid":"shared"}"#, #"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#, "7", "{}",
                Self.named(.rs256, "enc").replacing("{", with: #"{"use":"enc","#),
                Self.named(.rs256, "ps").replacing("{", with: #"{"alg":"PS256","#),
                Self.named(.edDSA, "good"),
            ]))
        #expect(set.keys.flatMap(\.names) == ["good"])
    }

    @Test("a file that cannot be relied on is refused")
    func refused() async throws {
        let cases: [(String, KeyFileRefusal)] = [
            ("", .noKey), ("{", .malformed), ("{}", .malformed), (Self.jwks([]), .noKey), ("hello", .noKey),
            (Self.jwks([#"{"kty":"oct","k":"c2VjcmV0"}"#]), .noKey), ("-----BEGIN PUBLIC KEY-----\nAAAA\n", .malformed),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", .keyUnusable),
            ("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", .privateKey),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", .keyUnusable), (OutsideKey.unusable[0], .keyUnusable),
            (OutsideKey.unusable[1], .keyUnusable), (Self.jwks([Self.named(.es256, "a"), Self.named(.es384, "a")]), .nameTwice),
            (Self.jwks([#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#]), .keyUnusable),
            (Self.jwks([#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#]), .keyUnusable), (Self.jwks([#"{"kty":"RSA"}"#]), .keyUnusable),
            (Self.jwks((0...100).map { Self.named(.es256, "\($0)") }), .tooManyKeys),
            (String(repeating: " ", count: VerificationKeySet.fileLimit + 1), .tooLarge),
        ]
        for (text, expected) in cases {
            await #expect(throws: expected, "\(text.prefix(60))") { _ = try await Self.set(text) }
        }
    }
}

import Crypto
import Database
import Foundation
import ImageModel
import Testing

/// field.md §4.2, class I: a bearer token is what this server has signed, and nothing that looks like it. The parts of a token are tested
/// in AccessTokensTests; here they come over HTTP.
@Suite("Class I: forged and changed bearer tokens")
struct BearerForgeryTests {
    static let reads = ["GET /v2/alice/private/tags/list", "GET /v2/", "GET /v2/_catalog", "GET /v1/repositories/alice/private/tags"]

    private static func encode(_ text: String) -> String { encode(Array(text.utf8)) }

    private static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func expectRefused(_ token: String, _ name: String, _ server: AccountsServer) async throws {
        for read in reads {
            let answer = try await server.send(read, [DistributionClient.bearer(token)])
            #expect(answer.code == 401, "\(name), \(read): \(answer.status) \(answer.text.prefix(200))")
            guard read.contains("/v2/") else { continue }
            let challenge = answer.values(of: "www-authenticate").first.flatMap { BearerChallenge($0) }
            #expect(challenge?.error == "invalid_token", "\(name), \(read): \(answer.fields)")
        }
        let write = try await server.send("POST /v2/alice/private/blobs/uploads/", [DistributionClient.bearer(token)], body: "")
        #expect(write.code == 401, "\(name): \(write.status)")
    }

    @Test("a changed header, claim or signature makes it none")
    func changed() async throws {
        try await BugWorld.lend { world, server in
            let token = try world.bearer(of: .starBearer, for: "alice/private")
            let other = try world.bearer(of: .starBearer, for: "alice/public")
            let parts = token.split(separator: ".")
            let header = try #require(GrantedToken.decoded(parts[0]))
            let claims = try #require(GrantedToken.decoded(parts[1]))
            #expect(claims.contains(#""alice\/private""#) && header.contains("ES256"))
            let before = try await CatalogDump(server.database)
            let own = P256.Signing.PrivateKey()
            let x963 = Array(own.publicKey.x963Representation)
            let jwk =
                #"{"kty":"EC","crv":"P-256","x":"\#(Self.encode(Array(x963[1...32])))","y":"\#(Self.encode(Array(x963[33...])))"}"#
            func signed(_ header: String, _ claims: String) throws -> String {
                let text = "\(Self.encode(header)).\(Self.encode(claims))"
                return "\(text).\(Self.encode(Array(try own.signature(for: Data(text.utf8)).rawRepresentation)))"
            }
            let kid = try #require(header.firstMatch(of: /"kid":"([^"]*)"/)).output.1
            var forgeries: [(String, String)] = [
                ("alg none", "\(Self.encode(#"{"alg":"none","typ":"JWT"}"#)).\(parts[1])."),
                ("alg none with the signature", "\(Self.encode(#"{"alg":"none","typ":"JWT","kid":"\#(kid)"}"#)).\(parts[1]).\(parts[2])"),
                ("no alg", "\(Self.encode(#"{"typ":"JWT","kid":"\#(kid)"}"#)).\(parts[1]).\(parts[2])"),
                ("another token's signature", "\(parts[0]).\(parts[1]).\(other.split(separator: ".")[2])"),
                ("another token's claims", "\(parts[0]).\(other.split(separator: ".")[1]).\(parts[2])"),
                ("no signature", "\(parts[0]).\(parts[1])."), ("two parts", "\(parts[0]).\(parts[1])"), ("four parts", token + ".x"),
                ("padding", token + "="), ("a trailing letter", token + "A"), ("cut short", String(token.dropLast())),
                ("standard base64", token.replacing("-", with: "+").replacing("_", with: "/") + "=="),
                ("a signature of noughts", "\(parts[0]).\(parts[1]).\(Self.encode([UInt8](repeating: 0, count: 64)))"),
                ("a signature of ones", "\(parts[0]).\(parts[1]).\(Self.encode([UInt8](repeating: 255, count: 64)))"),
                ("a signature in DER", "\(parts[0]).\(parts[1]).\(Self.encode([0x30, 6, 2, 1, 1, 2, 1, 1]))"),
                ("another key under the kid", try signed(header, claims)),
                ("another key, unknown kid", try signed(#"{"alg":"ES256","typ":"JWT","kid":"unknown"}"#, claims)),
                ("another key, no kid", try signed(#"{"alg":"ES256","typ":"JWT"}"#, claims)),
                ("another key, empty kid", try signed(#"{"alg":"ES256","typ":"JWT","kid":""}"#, claims)),
                ("an embedded key", try signed(#"{"alg":"ES256","typ":"JWT","jwk":\#(jwk)}"#, claims)),
                ("an embedded key under the kid", try signed(#"{"alg":"ES256","typ":"JWT","kid":"\#(kid)","jwk":\#(jwk)}"#, claims)),
                (
                    "a key elsewhere",
                    try signed(#"{"alg":"ES256","typ":"JWT","jku":"http://127.0.0.1:\#(server.port)/v2/token/keys"}"#, claims)
                ),
                ("x5c", try signed(#"{"alg":"ES256","typ":"JWT","x5c":["AAAA"],"kid":"\#(kid)"}"#, claims)),
                ("a critical extension", try signed(#"{"alg":"ES256","typ":"JWT","kid":"\#(kid)","crit":["exp"]}"#, claims)),
            ]
            for path in ["../../../../dev/null", "/dev/null", "' OR 1=1 --", "%00", "*", "\\u0000\(kid)", "\(kid)\\u0000"] {
                forgeries.append(("the kid \(path)", try signed(#"{"alg":"ES256","typ":"JWT","kid":"\#(path)"}"#, claims)))
            }
            // The public key as the secret of an HMAC.
            let keys = try await server.send("GET /v2/token/keys").text
            for secret in [keys, jwk, String(kid)] {
                let text = "\(Self.encode(#"{"alg":"HS256","typ":"JWT","kid":"\#(kid)"}"#)).\(parts[1])"
                let mac = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8)))
                forgeries.append(("an HMAC", "\(text).\(Self.encode(Array(mac)))"))
            }
            for alg in ["es256", "ES384", "ES512", "RS256", "PS256", "HS256", "EdDSA", "none", "None", "nOnE", "ES256 ", "", "ES256K"] {
                let changed = header.replacing("\"ES256\"", with: "\"\(alg)\"")
                forgeries.append(("alg \(alg)", "\(Self.encode(changed)).\(parts[1]).\(parts[2])"))
            }
            for (from, to) in [
                (#"alice\/private"#, #"alice\/other"#), (#""*""#, #""*","push""#), ("\"alice\"", "\"root\""), ("\"exp\":1", "\"exp\":9"),
            ] {
                #expect(claims.contains(from), "\(claims)")
                let changed = claims.replacing(from, with: to)
                forgeries.append(("\(to) for \(from)", "\(parts[0]).\(Self.encode(changed)).\(parts[2])"))
            }
            for (name, forgery) in forgeries { try await Self.expectRefused(forgery, name, server) }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }

    @Test("every letter of the signature counts")
    func everyLetter() async throws {
        try await BugWorld.lend { world, server in
            let token = Array(try world.bearer(of: .starBearer, for: "alice/private"))
            let start = try #require(token.lastIndex(of: ".")) + 1
            // The last letter has bits to spare.
            for index in start..<(token.count - 1) {
                var changed = token
                changed[index] = changed[index] == "A" ? "B" : "A"
                let answer = try await server.send(Self.reads[0], [DistributionClient.bearer(String(changed))])
                #expect(answer.code == 401, "letter \(index)")
            }
            var last = token
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" where letter != token[token.count - 1] {
                last[token.count - 1] = letter
                #expect(try await server.send(Self.reads[0], [DistributionClient.bearer(String(last))]).code == 401, "\(letter) at the end")
            }
        }
    }

    @Test("another server's token is none, though it has the same name and the same users")
    func otherServer() async throws {
        try await BugWorld.lend { _, other in
            let token = try await DistributionClient.user("alice", other).grant(["repository:alice/private:*"], offline: true)
            try await other.database.write { try $0.run("DELETE FROM signing_key") }
            let fresh = try await DistributionClient.user("alice", other).grant(["repository:alice/private:*"])
            #expect(fresh.token != token.token)
            try await BugWorld.lend({ $0.tokenKey = Array("another key, as long as the first..".utf8) }) { _, server in
                try await server.database.write { try $0.run("DELETE FROM signing_key") }
                _ = try await DistributionClient.user("alice", server).grant([])
                try await Self.expectRefused(fresh.token, "another server's", server)
                try await Self.expectRefused(token.token, "a forgotten key's", server)
                let body = "grant_type=refresh_token&service=x&refresh_token=\(try #require(token.refreshToken))"
                let answer = try await server.send(
                    "POST /v2/token", ["Content-Type: application/x-www-form-urlencoded"], body: body)
                #expect((400..<500).contains(answer.code), "\(answer.status)")
            }
        }
    }

    @Test("a token is taken from Authorization alone, once, and as it is")
    func places() async throws {
        try await BugWorld.lend { world, server in
            let token = try world.bearer(of: .starBearer, for: "alice/private")
            let path = "/v2/alice/private/tags/list"
            for (head, fields) in [
                ("GET \(path)?access_token=\(token)", []), ("GET \(path)?token=\(token)", []), ("GET \(path)", ["Cookie: token=\(token)"]),
                ("GET \(path)", ["Cookie: wharf-session=\(token)"]), ("GET \(path)", ["X-Registry-Auth: \(token)"]),
                ("GET \(path)", ["Proxy-Authorization: Bearer \(token)"]), ("GET \(path)", ["Authorization: Token \(token)"]),
                ("GET \(path)", ["Authorization: \(token)"]), ("GET \(path)", ["Authorization: Basic \(token)"]),
                ("GET \(path)", ["Authorization: Bearer"]), ("GET \(path)", ["Authorization: Bearer "]),
                ("GET \(path)", ["Authorization: Bearer \(token),x"]),
                ("GET \(path)", ["Authorization: Bearer \"\(token)\""]), ("GET \(path)", ["Authorization: Bearer token=\(token)"]),
                ("GET \(path)", [PermissionWorld.basic("stan"), DistributionClient.bearer(token)]),
                ("GET \(path)", [AccountsServer.basic("alice", token)]), ("GET \(path)", [AccountsServer.basic("", token)]),
                ("GET \(path)", [AccountsServer.basic("<token>", token)]),
            ] {
                let answer = try await server.send(head, fields)
                #expect([400, 401, 404].contains(answer.code), "\(head.prefix(50)) \(fields.map { $0.prefix(40) }): \(answer.status)")
            }
            for fields in [["Authorization: bearer \(token)"], ["authorization: BEARER \(token)"], ["Authorization: Bearer  \(token)"]] {
                #expect(try await server.send("GET \(path)", fields).code == 200, "\(fields[0].prefix(30))")
            }
        }
    }
}

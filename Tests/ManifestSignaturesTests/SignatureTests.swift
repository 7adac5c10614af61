import Crypto
import Foundation
import ImageModel
import Testing

@testable import ManifestSignatures

@Suite("Signatures of manifests")
struct SignatureTests {
    @Test("of libtrust hold, in one line and over several", arguments: [SignatureSamples.compact, SignatureSamples.indented])
    func vectors(document: String) throws {
        #expect(try SignatureSamples.verify(document) == [SignatureSamples.kid])
    }

    @Test(
        "that distribution 2.8.2 put into what engines pushed hold",
        arguments: ["docker-1.6.2.schema1", "docker-1.9.1.schema1", "docker-1.10.3.schema1", "many-members.schema1"])
    func recorded(name: String) throws {
        let id = "6MGZ:R5CI:5Q67:WAFW:NFSX:3ZHF:P536:DG4J:EMRR:KZY7:MPAE:3QX4"
        #expect(try SignatureSamples.verify(SignatureSamples.file(name)) == [id])
    }

    static let rsa = "7AMG:6QAB:GPPJ:KDYG:N326:2PJG:RCDE:IRSE:O4AW:V5XJ:TPMS:NAXL"
    static let p256 = "JRGA:M7EE:UDGR:WMXI:HJAL:LH5K:ALCX:LTAE:JS6N:PJTB:ZZRQ:TOD6"

    @Test(
        "of OpenSSL hold, with keys and with certificates",
        arguments: [
            ("ES256", [p256]), ("ES384", ["L7WV:ID5R:SQN4:ZEMV:LXJ7:CNB6:QWK7:3N76:U74X:4PHB:OTJL:U6TD"]),
            ("ES512", ["XJQC:IONK:AGON:ZV6C:VK22:GLAG:2VQO:VPSQ:YXWR:U26S:QPID:QA6Q"]), ("RS256", [rsa]), ("RS384", [rsa]),
            ("RS512", [rsa]), ("ES256-x5c", [p256]), ("RS256-x5c", [rsa]), ("two", [p256, rsa]),
        ])
    func others(name: String, ids: [String]) throws {
        let document = try SignatureSamples.file("signatures/\(name)")
        #expect(try SignatureSamples.verify(document) == ids)
        for changed in [document.replacing(#"{"a":1,"#, with: #"{"a":2,"#), document.replacing(#"{"a":"#, with: #"{"b":"#)] {
            #expect(throws: SignatureRefusal.signatureWrong) { try SignatureSamples.verify(changed) }
        }
    }

    @Test("do not hold if one of them is wrong")
    func oneOfTwo() throws {
        let two = try SignatureSamples.file("signatures/two")
        let signatures = try SignedDocument(Array(two.utf8)).signatures
        #expect(signatures.count == 2)
        for signature in signatures {
            // Its first six bits changed.
            let text = SignedDocument.base64URL(signature.signature)
            let changed = (text.first == "A" ? "B" : "A") + text.dropFirst()
            #expect(throws: SignatureRefusal.signatureWrong) { try SignatureSamples.verify(two.replacing(text, with: changed)) }
        }
    }

    @Test("do not hold with another key, another algorithm, or a changed header")
    func wrong() throws {
        let sample = SignatureSamples.compact
        let es256 = try SignatureSamples.file("signatures/ES256")
        let rs256 = try SignatureSamples.file("signatures/RS256")
        let other = Array(P256.Signing.PrivateKey().publicKey.rawRepresentation)
        let (x, y) = (SignedDocument.base64URL(other[..<32]), SignedDocument.base64URL(other[32...]))
        let kid = #""kid":"\#(SignatureSamples.kid)","#
        let cases: [(String, SignatureRefusal)] = [
            (
                sample.replacing(kid, with: "").replacing(SignatureSamples.x, with: x).replacing(SignatureSamples.y, with: y),
                .signatureWrong
            ),
            (sample.replacing(SignatureSamples.x, with: x).replacing(SignatureSamples.y, with: y), .keyIDDiffers),
            (sample.replacing("LTJF", with: "LTJG"), .keyIDDiffers), (sample.replacing(SignatureSamples.kid, with: ""), .keyIDDiffers),
            (sample.replacing("ES256", with: "none"), .algorithmUnknown), (sample.replacing("ES256", with: "HS256"), .algorithmUnknown),
            (sample.replacing("ES256", with: "es256"), .algorithmUnknown), (sample.replacing("ES256", with: "PS256"), .algorithmUnknown),
            (sample.replacing("ES256", with: "ES384"), .keyInvalid), (sample.replacing("ES256", with: "RS256"), .keyInvalid),
            (rs256.replacing("RS256", with: "ES256"), .keyInvalid), (rs256.replacing("RS256", with: "RS384"), .signatureWrong),
            (rs256.replacing("RS256", with: "PS256"), .algorithmUnknown), (sample.replacing("P-256", with: "P-384"), .keyInvalid),
            (sample.replacing("P-256", with: "p-256"), .keyInvalid), (sample.replacing(#""kty":"EC""#, with: #""kty":"RSA""#), .keyInvalid),
            (sample.replacing(#""kty":"EC""#, with: #""kty":"oct""#), .keyInvalid),
            // No point of the curve, a coordinate too long, and the point at infinity.
            (sample.replacing(SignatureSamples.y, with: x), .keyInvalid),
            (sample.replacing(SignatureSamples.x, with: "AA" + x + "AA"), .keyInvalid),
            (sample.replacing(SignatureSamples.x, with: ""), .keyInvalid),
            (sample.replacing(#","y":"\#(SignatureSamples.y)""#, with: ""), .keyInvalid),
            // Fewer bits than can be trusted.
            (try SignatureSamples.file("signatures/weak"), .keyInvalid), (try SignatureSamples.file("signatures/weak-x5c"), .keyInvalid),
            (rs256.replacing("AQAB", with: "AQABAQAB"), .keyInvalid), (rs256.replacing("AQAB", with: ""), .keyInvalid),
            (rs256.replacing("AQAB", with: "AQ"), .keyInvalid), (rs256.replacing("AQAB", with: "AQAA"), .keyInvalid),
            // Another time than was signed.
            (sample.replacing("A0OjAzOjQ3WiJ9", with: "A0OjAzOjQ4WiJ9"), .signatureWrong),
        ]
        for (document, refusal) in cases {
            #expect(document != sample && document != es256 && document != rs256)
            #expect(throws: refusal, "\(document)") { try SignatureSamples.verify(document) }
        }
    }

    @Test("do not hold unless they have the length of their curve")
    func lengths() throws {
        let signature = try #require(SignedDocument(Array(SignatureSamples.compact.utf8)).signatures.first).signature
        let text = SignedDocument.base64URL(signature)
        let all: [[UInt8]] = [
            Array(signature.dropLast()), signature + [0], [UInt8](repeating: 0, count: 64), [UInt8](repeating: 255, count: 64), [0],
        ]
        for changed in all {
            let document = SignatureSamples.compact.replacing(text, with: SignedDocument.base64URL(changed))
            #expect(throws: SignatureRefusal.signatureWrong) { try SignatureSamples.verify(document) }
        }
    }

    @Test("do not hold with a chain whose first certificate is none, or another's")
    func certificates() throws {
        let document = try SignatureSamples.file("signatures/ES256-x5c")
        guard case .certificates(let chain) = try #require(SignedDocument(Array(document.utf8)).signatures.first).key else {
            Issue.record("no certificates")
            return
        }
        let texts = chain.map { Data($0).base64EncodedString() }
        let swapped = document.replacing(#""\#(texts[0])","\#(texts[1])""#, with: #""\#(texts[1])","\#(texts[0])""#)
        #expect(throws: SignatureRefusal.keyInvalid) { try SignatureSamples.verify(swapped) }
        let cut = Data(chain[0].dropLast()).base64EncodedString()
        #expect(throws: SignatureRefusal.keyInvalid) { try SignatureSamples.verify(document.replacing(texts[0], with: cut)) }
    }
}

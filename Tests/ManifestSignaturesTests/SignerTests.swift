import Foundation
import ImageModel
import Testing

@testable import ManifestSignatures

@Suite("What Wharf signs")
struct SignerTests {
    private let one = [UInt8](repeating: 0, count: 31) + [1]

    @Test("names its key as libtrust does")
    func keyID() throws {
        #expect(try ManifestSigner(privateKey: one).keyID == SignatureSamples.kid)
    }

    @Test("is the sample of libtrust but for the signature itself", arguments: [SignatureSamples.compact, SignatureSamples.indented])
    func sample(document: String) throws {
        let sample = try SignedDocument(Array(document.utf8))
        let time = try #require(try? Date("2026-11-21T04:03:47Z", strategy: .iso8601))
        let made = try ManifestSigner(privateKey: one).sign(sample.payload, at: Int64(time.timeIntervalSince1970))
        let signed = try SignedDocument(made)
        #expect(try signed.verify() == [SignatureSamples.kid])
        let theirs = SignedDocument.base64URL(try #require(sample.signatures.first).signature)
        let ours = SignedDocument.base64URL(try #require(signed.signatures.first).signature)
        #expect(ours.count == 86)
        #expect(String(decoding: made, as: UTF8.self) == document.replacing(theirs, with: ours))
    }

    @Test("holds with a key of its own, whatever is in the payload and at whatever time")
    func newKey() throws {
        let key = ManifestSigner.newKey()
        #expect(key.count == 32)
        #expect(key != ManifestSigner.newKey())
        let signer = try ManifestSigner(privateKey: key)
        for (payload, time) in [("{\n   \"é\": \"\\u003c\"\n}", Int64(0)), (#"{"a":[]}"#, 253_402_300_799), ("{ \"a\" : 1 }\n\n", 1)] {
            let signed = try SignedDocument(signer.sign(Array(payload.utf8), at: time))
            #expect(signed.payload == Array(payload.utf8))
            #expect(try signed.verify() == [signer.keyID])
        }
    }

    @Test("has the time to the second, in UTC")
    func time() throws {
        let signed = try SignedDocument(ManifestSigner(privateKey: one).sign(Array(#"{"a":1}"#.utf8), at: 1_420_070_400))
        #expect(
            signed.signatures.map(\.protected) == [
                SignedDocument.base64URL(#"{"formatLength":6,"formatTail":"fQ","time":"2015-01-01T00:00:00Z"}"#.utf8)
            ])
    }

    @Test("is an object, and the key one of the curve")
    func refuses() throws {
        let signer = try ManifestSigner(privateKey: one)
        #expect(throws: SignedDocument.Refusal.notAnObject) { try signer.sign(Array("[]".utf8), at: 0) }
        for key in [[], [1], [UInt8](repeating: 0, count: 32), [UInt8](repeating: 255, count: 32)] {
            #expect(throws: (any Error).self) { try ManifestSigner(privateKey: key) }
        }
    }
}

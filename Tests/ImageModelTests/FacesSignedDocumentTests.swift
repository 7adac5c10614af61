import Foundation
import ImageModel
import Testing

@Suite("A signed document that is read")
struct FacesSignedDocumentTests {
    private func base64URL(_ text: String) -> String { SignedDocument.base64URL(Array(text.utf8)) }

    private func protected(_ length: some CustomStringConvertible, tail: String = "fQ") -> String {
        base64URL(#"{"formatLength":\#(length),"formatTail":"\#(tail)"}"#)
    }

    private func signature(_ protected: String, header: String = #""alg":"none","jwk":{"kty":"x"}"#, _ text: String = "AQ") -> String {
        #"{"header":{\#(header)},"signature":"\#(text)","protected":"\#(protected)"}"#
    }

    private func document(_ signatures: String, before: String = #"{"a":1"#, after: String = "}") -> String {
        #"\#(before),"signatures":[\#(signatures)]\#(after)"#
    }

    private func read(_ json: String) throws(SignedDocument.Refusal) -> SignedDocument { try SignedDocument(Array(json.utf8)) }

    @Test("is its payload, and what each signature says")
    func reads() throws {
        let point = #""x":"AAE","y":"_w","n":"AQ","e":"AQAB","crv":"P-256","kid":"k","kty":"EC""#
        let one = signature(protected(6), header: #""alg":"A","jwk":{\#(point)}"#)
        let two = signature(protected(6), header: #""alg":"B","x5c":["AQ==","AgM="]"#, "-_8")
        let signed = try read(document("\(one), \(two)"))
        #expect(Faces.text(signed.payload) == #"{"a":1}"#)
        #expect(signed.digest.description == "sha256:015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862")
        let key = SignedDocument.Signature.Key.jwk(
            JSONWebKey(kty: "EC", kid: "k", crv: "P-256", x: [0, 1], y: [255], n: [1], e: [1, 0, 1]))
        #expect(signed.signatures.map(\.key) == [key, .certificates([[1], [2, 3]])])
        #expect(signed.signatures.map(\.algorithm) == ["A", "B"])
        #expect(signed.signatures.map(\.signature) == [[1], [251, 255]])
        #expect(signed.signatures.map(\.protected) == [protected(6), protected(6)])
        #expect(signed.signatures.map { Faces.text($0.json) } == [one, two])
        #expect(Faces.text(signed.signingInput(signed.signatures[0])) == "\(protected(6)).eyJhIjoxfQ")
    }

    @Test("has the payload's blanks as they were, up to the comma", arguments: [(12, ""), (13, " "), (14, " \t")])
    func blanks(length: Int, blanks: String) throws {
        func json(_ length: Int) -> String {
            "{\n   \"a\" : 1 \t, \n \"signatures\" : [\(signature(protected(length, tail: base64URL("\n\r} \t"))))] \n}\r\n"
        }
        #expect(Faces.text(try read(json(length)).payload) == "{\n   \"a\" : 1\(blanks)\n\r} \t")
        for other in [11, 15] { #expect(throws: SignedDocument.Refusal.formatLength) { try read(json(other)) } }
    }

    @Test("is refused if it is no object of JSON, or not signed")
    func unsigned() {
        let good = signature(protected(6))
        let cases: [(String, SignedDocument.Refusal)] = [
            ("", .notJSON), ("[]", .notAnObject), ("{}", .unsigned), (#"{"a":1}"#, .unsigned), (#"{"a":1,"signatures":[]}"#, .unsigned),
            (#"{"a":1,"signatures":null}"#, .unsigned), (#"{"a":1,"signatures":{}}"#, .signature("signatures")),
            (#"{"a":1,"signatures":[null]}"#, .signature("signatures[0]")), (document(good) + "{}", .notJSON),
            (document(good, before: "{\"a\":\"\u{1}\""), .notJSON), (document(good, before: #"{"a":"\udfff""#), .notUnicode),
            (#"{"x":\#(document(good))}"#, .unsigned), (String(repeating: #"{"signatures":["#, count: 200), .tooDeep),
            (document(Array(repeating: good, count: 17).joined(separator: ",")), .tooManySignatures(limit: 16)),
        ]
        for (json, refusal) in cases { #expect(throws: refusal, "\(json)") { try read(json) } }
    }

    @Test("is refused if anything in it is not signed")
    func extra() throws {
        let good = signature(protected(6))
        let cases: [(String, SignedDocument.Refusal)] = [
            // Members that nobody signed, before and behind the signatures.
            (document(good, before: #"{"a":1,"b":2"#), .formatLength), (document(good, after: #","b":2}"#), .signaturesNotLast),
            (document(good, before: #"{"b":{"a":1}"#), .formatLength), (#"{"signatures":[\#(good)]}"#, .signaturesNotLast),
            (#"{"signatures":[\#(good)],"a":1}"#, .signaturesNotLast),
            // Twice, under another spelling, or further in.
            (document(good, before: #"{"a":1,"signatures":[]"#), .duplicateKey("signatures")),
            (document(good, before: #"{"a":1,"signature\u0073":[]"#), .duplicateKey("signatures")),
            (document(good, before: #"{"a":1,"Signatures":[]"#), .ambiguousKey("Signatures")),
            (document(good, before: #"{"a":1,"signature\u017f":[]"#), .ambiguousKey("signature\u{17f}")),
            (document(good, before: #"{"a":1,"a":1"#), .duplicateKey("a")),
            (document(good, before: #"{"a":{"b":1,"b":1}"#), .duplicateKey("b")),
        ]
        for (json, refusal) in cases { #expect(throws: refusal, "\(json)") { try read(json) } }
        let nested = document(signature(protected(21)), before: #"{"a":{"signatures":1}"#)
        #expect(Faces.text(try read(nested).payload) == #"{"a":{"signatures":1}}"#)
    }

    @Test("is refused if the signatures point elsewhere than to the end of what stands before them")
    func formats() {
        let cases: [(String, SignedDocument.Refusal)] = [
            (signature(protected(5)), .formatLength), (signature(protected(7)), .formatLength), (signature(protected(0)), .formatLength),
            (signature(protected(100)), .formatLength), (signature(protected(Int64.max)), .formatLength),
            (signature(protected(-1)), .protected("signatures[0].protected")),
            (signature(protected("9223372036854775808")), .protected("signatures[0].protected")),
            (signature(protected("6.0")), .protected("signatures[0].protected")),
            (signature(protected("\"6\"")), .protected("signatures[0].protected")),
            (signature(protected("null")), .protected("signatures[0].protected")),
            (signature(protected(6, tail: "")), .formatTail), (signature(protected(6, tail: base64URL(","))), .formatTail),
            (signature(protected(6, tail: base64URL("}}"))), .formatTail),
            (signature(protected(6, tail: base64URL(#","b":2}"#))), .formatTail),
            (signature(protected(6, tail: base64URL("}\u{0}"))), .formatTail),
            (signature(protected(6, tail: "fQ==")), .protected("signatures[0].protected")),
            (signature(protected(6, tail: "f*")), .protected("signatures[0].protected")),
            (signature(base64URL(#"{"formatLength":6}"#)), .protected("signatures[0].protected")),
            (signature(base64URL(#"{"formatTail":"fQ"}"#)), .protected("signatures[0].protected")),
            (signature(base64URL("[]")), .protected("signatures[0].protected")), (signature(base64URL("x")), .notJSON),
            (signature(base64URL(#"{"formatLength":6,"formatTail":"fQ"}x"#)), .notJSON),
            (signature(base64URL(#"{"formatLength":6,"formatTail":"fQ","formatLength":6}"#)), .duplicateKey("formatLength")),
            (signature(base64URL(#"{"formatLength":6,"formatTail":"fQ","FormatLength":1}"#)), .ambiguousKey("FormatLength")),
            (signature("*"), .protected("signatures[0].protected")), (signature(protected(6) + "="), .protected("signatures[0].protected")),
            (signature("e30="), .protected("signatures[0].protected")),
            ([protected(6), protected(5)].map { signature($0) }.joined(separator: ","), .formatsDiffer),
            ([protected(6), protected(6, tail: base64URL("\n}"))].map { signature($0) }.joined(separator: ","), .formatsDiffer),
        ]
        for (signatures, refusal) in cases { #expect(throws: refusal, "\(signatures)") { try read(document(signatures)) } }
    }

    @Test("is refused for a signature without all its parts, or with two keys")
    func parts() {
        let protected = protected(6)
        let jwk = #""jwk":{"kty":"EC"}"#
        let cases = [
            #"{"signature":"AQ","protected":"\#(protected)"}"#, #"{"header":null,"signature":"AQ","protected":"\#(protected)"}"#,
            #"{"header":{"alg":"A",\#(jwk)},"protected":"\#(protected)"}"#, #"{"header":{"alg":"A",\#(jwk)},"signature":"AQ"}"#,
            signature(protected, header: jwk), signature(protected, header: #""alg":1,\#(jwk)"#),
            signature(protected, header: #""alg":"A""#),
            signature(protected, header: #""alg":"A","jwk":null"#), signature(protected, header: #""alg":"A","jwk":{}"#),
            signature(protected, header: #""alg":"A","jwk":{"kty":"EC","kid":1}"#), signature(protected, header: #""alg":"A","x5c":[]"#),
            signature(protected, header: #""alg":"A","x5c":["AQ==",1]"#), signature(protected, header: #""alg":"A","x5c":["*"]"#),
            signature(protected, header: #""alg":"A","x5c":"AQ==""#), signature(protected, header: #""alg":"A",\#(jwk),"x5c":["AQ=="]"#),
            signature(protected, "*"), signature(protected, ""), signature(protected, "AQ=="), signature(protected, "AR"),
        ]
        for signature in cases {
            #expect(throws: SignedDocument.Refusal.signature("signatures[0]"), "\(signature)") { try read(document(signature)) }
        }
    }
}

@Suite("A signed document that is put together")
struct FacesSignedDocumentAssemblyTests {
    @Test("is byte for byte the one that was taken apart", arguments: ["docker-1.6.2", "docker-1.9.1", "docker-1.10.3", "many-members"])
    func roundTrip(name: String) throws {
        let document = try Faces.file("\(name).schema1.json")
        let signed = try SignedDocument(document)
        let again = try #require(SignedDocument.assemble(payload: signed.payload, signatures: signed.signatures.map(\.json)))
        #expect(Faces.text(again) == Faces.text(document))
    }

    @Test("has its signatures in the payload's own indentation, behind its last member")
    func indentation() {
        func assemble(_ payload: String, _ signatures: String...) -> String? {
            SignedDocument.assemble(payload: Array(payload.utf8), signatures: signatures.map { Array($0.utf8) }).map(Faces.text)
        }
        let signature = #"{"a":"{[,:]}\"<","b":[],"c":{ },"d":[1,[2]]}"#
        #expect(assemble(#"{"a":1}"#, signature) == #"{"a":1,"signatures":[{"a":"{[,:]}\"\u003c","b":[],"c":{},"d":[1,[2]]}]}"#)
        #expect(assemble(#"{ "a":1 }"#, "1", "2") == #"{ "a":1,"signatures":[1,2]}"#)
        #expect(assemble("{\n\"a\":1\n}") == "{\n\"a\":1,\"signatures\":[]}")
        #expect(
            assemble("{\n \"a\": 1\n}\n", signature) == """
                {
                 "a": 1,
                 "signatures": [
                  {
                   "a": "{[,:]}\\"\\u003c",
                   "b": [],
                   "c": {},
                   "d": [
                    1,
                    [
                     2
                    ]
                   ]
                  }
                 ]
                }
                """)
        for payload in ["", "}", "[]", " ", "{} x"] { #expect(assemble(payload) == nil) }
    }

    @Test("says in its protected header where the payload was cut open")
    func protected() {
        let time = "2026-11-21T04:03:47Z"
        #expect(
            SignedDocument.protected(payload: Array(#"{"a":1}"#.utf8), time: time)
                == "eyJmb3JtYXRMZW5ndGgiOjYsImZvcm1hdFRhaWwiOiJmUSIsInRpbWUiOiIyMDI2LTExLTIxVDA0OjAzOjQ3WiJ9")
        #expect(
            SignedDocument.protected(payload: Array("{\n   \"a\": 1\n}".utf8), time: time)
                == "eyJmb3JtYXRMZW5ndGgiOjExLCJmb3JtYXRUYWlsIjoiQ24wIiwidGltZSI6IjIwMjYtMTEtMjFUMDQ6MDM6NDdaIn0")
        #expect(SignedDocument.protected(payload: Array("[]".utf8), time: time) == nil)
    }
}

import ImageModel
import Testing

/// field.md §4.2, classes I, K and L, for signed manifests (v1.md §10): nothing but what is signed counts, and a signature gives no rights.
@Suite("Classes I, K and L: signed manifests")
struct SignedManifestTests {
    private static let type = "Content-Type: \(PlantedFaces.signedType)"

    /// Lends a client of alice's private repository and a payload whose layer is there; nothing of it may be there afterwards.
    private static func refusing(
        _ body:
            @escaping @Sendable (_ put: @Sendable (_ name: String, _ document: [UInt8], _ fields: [String]) async throws -> Void, String)
            async throws -> Void
    ) async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let payload = SignedText.payload(try world.repository("alice/private").content.layer)
            let before = try await CatalogDump(server.database)
            try await body(
                { name, document, fields in
                    let answer = try await alice.send("PUT /v2/alice/private/manifests/bad", fields, document)
                    #expect(answer.code == 400, "\(name): \(answer.status) \(answer.text.prefix(200))")
                    let isNamed = answer.text.contains(#""MANIFEST_UNVERIFIED""#) || answer.text.contains(#""MANIFEST_INVALID""#)
                    #expect(isNamed, "\(name): \(answer.text.prefix(200))")
                }, payload)
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
            try await alice.expect(201, "PUT /v2/alice/private/manifests/good", [type], try SignedText.signed(payload))
        }
    }

    @Test("a header that says another algorithm, none, or another key does not help")
    func algorithms() async throws {
        try await Self.refusing { put, payload in
            let good = try SignedText.signature(of: try SignedText.signed(payload))
            let foreign = try SignedText.signature(of: try SignedText.signed(payload, key: [UInt8](repeating: 9, count: 32)))
            let jwk = String(good.header.firstMatch(of: /\{[^{}]*\}/)?.output ?? "")
            for algorithm in [
                "none", "NONE", "", "HS256", "HS512", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "es256", " ES256",
            ] {
                for signature in [good.signature, "", "AA"] {
                    var changed = good
                    changed.header = #"{"jwk":\#(jwk),"alg":"\#(algorithm)"}"#
                    changed.signature = signature
                    try await put("\(algorithm) with \(signature.prefix(4))", SignedText.assembled(payload, [changed]), [Self.type])
                }
            }
            for (name, header) in [
                ("no key", #"{"alg":"ES256"}"#), ("no algorithm", #"{"jwk":\#(jwk)}"#), ("no object", "[]"), ("null", "null"),
                ("a key's name", #"{"kid":"LTJF:F6YM:5CJS:INX2:7DGN:CBAJ:QG4J:5ZFN:NOP6:TYVC:W7TR:VLFS","alg":"ES256"}"#),
                ("a key somewhere", #"{"jku":"http://127.0.0.1/keys","alg":"ES256"}"#),
                ("certificates somewhere", #"{"x5u":"http://127.0.0.1/keys","alg":"ES256"}"#),
                ("a secret as a key", #"{"jwk":{"kty":"oct","k":"c2VjcmV0"},"alg":"HS256"}"#),
                ("no certificate", #"{"x5c":[],"alg":"ES256"}"#),
                ("what is no certificate", #"{"x5c":["AAAA"],"alg":"ES256"}"#),
                ("a small RSA key", #"{"jwk":{"kty":"RSA","n":"AQ","e":"AQ"},"alg":"RS256"}"#),
                ("another's key", foreign.header), ("two keys", #"{"jwk":\#(jwk),"jwk":\#(jwk),"alg":"ES256"}"#),
                ("two algorithms", #"{"jwk":\#(jwk),"alg":"ES256","alg":"none"}"#),
            ] {
                var changed = good
                changed.header = header
                try await put(name, SignedText.assembled(payload, [changed]), [Self.type])
            }
        }
    }

    @Test("numbers of a signature that no signature has")
    func numbers() async throws {
        try await Self.refusing { put, payload in
            let good = try SignedText.signature(of: try SignedText.signed(payload))
            for text in [
                String(repeating: "A", count: 86), String(repeating: "_", count: 86), good.signature + "AA",
                String(good.signature.dropLast(2)),
                String(good.signature.dropFirst(4)), good.signature + "=", good.signature.uppercased(), "AAAA" + good.signature, "\\u0000",
            ] where text != good.signature {
                var changed = good
                changed.signature = text
                try await put(String(text.prefix(20)), SignedText.assembled(payload, [changed]), [Self.type])
            }
        }
    }

    @Test("where the signed part ends cannot be moved, and nothing stands outside of it")
    func extent() async throws {
        try await Self.refusing { put, payload in
            let good = try SignedText.signature(of: try SignedText.signed(payload))
            let length = payload.utf8.count - 1
            func protected(_ text: String) -> SignedText.Signature {
                var changed = good
                changed.protected = SignedText.base64URL(text)
                return changed
            }
            for text in [
                "", "{}", "[]", "null", #"{"formatLength":\#(length)}"#, #"{"formatTail":"fQ"}"#, #"{"formatLength":-1,"formatTail":"fQ"}"#,
                #"{"formatLength":0,"formatTail":"fQ"}"#, #"{"formatLength":1e9,"formatTail":"fQ"}"#,
                #"{"formatLength":9223372036854775807,"formatTail":"fQ"}"#, #"{"formatLength":9223372036854775808,"formatTail":"fQ"}"#,
                #"{"formatLength":\#(length).5,"formatTail":"fQ"}"#, #"{"formatLength":"\#(length)","formatTail":"fQ"}"#,
                #"{"formatLength":\#(length),"formatTail":"!"}"#, #"{"formatLength":\#(length),"formatTail":7}"#,
                #"{"formatLength":\#(length),"formatTail":"fQ","formatLength":0}"#,
                #"{"formatLength":\#(length - 1),"formatTail":"XX0"}"#, #"{"formatLength":\#(length + 1),"formatTail":"fQ"}"#,
            ] {
                try await put(text, SignedText.assembled(payload, [protected(text)]), [Self.type])
            }
            // Members that nobody has signed, before and after the signatures.
            let outside = #","fsLayers":[{"blobSum":"sha256:\#(String(repeating: "0", count: 64))"}]"#
            try await put("a member after", SignedText.assembled(payload, [good], more: outside), [Self.type])
            try await put("a name after", SignedText.assembled(payload, [good], more: #","x":1"#), [Self.type])
            try await put("a member before", SignedText.assembled("\(payload.dropLast())\(outside)}", [good]), [Self.type])
            try await put("signatures twice", SignedText.assembled(payload, [good], more: #","signatures":[]"#), [Self.type])
            try await put("text after", SignedText.assembled(payload, [good]) + Array("{}".utf8), [Self.type])
            let inner = "\(payload.dropLast()),\"signatures\":[]}"
            try await put(
                "signatures within what is signed",
                SignedText.assembled(inner, [try SignedText.signature(of: try SignedText.signed(payload))]), [Self.type])
        }
    }

    @Test("one document for two signatures")
    func several() async throws {
        try await Self.refusing { put, payload in
            let other = payload.replacing("amd64", with: "arm64")
            let (good, foreign) = (
                try SignedText.signature(of: try SignedText.signed(payload)), try SignedText.signature(of: try SignedText.signed(other))
            )
            try await put("a good one and another document's", SignedText.assembled(payload, [good, foreign]), [Self.type])
            try await put("another document's and a good one", SignedText.assembled(payload, [foreign, good]), [Self.type])
            try await put("none", SignedText.assembled(payload, []), [Self.type])
            try await put("very many", SignedText.assembled(payload, Array(repeating: good, count: 5000) + [foreign]), [Self.type])
        }
    }

    @Test("a document of two schemas is of none")
    func schemas() async throws {
        try await Self.refusing { put, payload in
            let digest = "sha256:" + String(repeating: "0", count: 64)
            let config = #"{"mediaType":"\#(PlantedContent.configType)","digest":"\#(digest)","size":2}"#
            let second = #","config":\#(config),"layers":[],"mediaType":"\#(PlantedContent.imageType)""#
            let types = [
                Self.type, "Content-Type: \(PlantedContent.imageType)", "Content-Type: \(FreshImage.dockerType)", nil,
                "Content-Type: application/json",
            ]
            let texts = [
                "\(payload.dropLast())\(second)}", "\(payload.dropLast()),\"manifests\":[]}", "\(payload.dropLast()),\"layers\":[]}",
                "\(payload.dropLast()),\"config\":\(config)}", "\(payload.dropLast()),\"mediaType\":\"\(PlantedContent.imageType)\"}",
                "\(payload.dropLast()),\"mediaType\":7}",
                payload.replacing(#""schemaVersion":1"#, with: #""schemaVersion":2"#),
                payload.replacing(#""schemaVersion":1"#, with: #""schemaVersion":1,"schemaVersion":2"#),
                payload.replacing(#""schemaVersion":1"#, with: #""schemaVersion":2,"schemaVersion":1"#),
                payload.replacing(#""schemaVersion":1"#, with: #""SchemaVersion":1"#),
                payload.replacing(#""schemaVersion":1"#, with: #""schemaVersion":1.0"#),
                payload.replacing(#""fsLayers""#, with: #""FsLayers""#),
                payload.replacing(#""fsLayers":"#, with: #""fsLayers":[],"fsLayers":"#),
                payload.replacing(#""history":"#, with: #""history":[],"\u0068istory":"#),
            ]
            for text in texts {
                let document = try SignedText.signed(text)
                for type in types {
                    try await put("\(text.prefix(60))…\(text.suffix(60)) as \(type ?? "nothing")", document, type.map { [$0] } ?? [])
                }
            }
            for type in types.dropFirst().prefix(2) {
                try await put("signed, as \(type ?? "")", try SignedText.signed(payload), type.map { [$0] } ?? [])
            }
        }
    }

    @Test("what a document says of names and tags is text: it names nothing, and leads nowhere")
    func names() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let layer = try world.repository("alice/private").content.layer
            let lists = ["alice/public", "alice/other", "stan/own"]
            var before: [String] = []
            for name in lists {
                before.append(try await DistributionClient.user("root", server).expect(200, "GET /v2/\(name)/tags/list").text)
            }
            var tags: [String] = []
            for (index, text) in [
                "alice/public", "../../alice/public", "/etc/passwd", "..%2f..%2f", #"a\\..\\b"#, #"\u0000"#, "",
                String(repeating: "a", count: 20_000),
                #"a\"b"#, "<script>go()</script>", "{name}", "éè", #"\ud800"#,
            ].enumerated() {
                for (name, tag) in [(text, "x"), ("x", text)] {
                    let document = try SignedText.signed(SignedText.payload(layer, name: name, tag: tag))
                    let answer = try await alice.send("PUT /v2/alice/private/manifests/n\(index)", [Self.type], document)
                    #expect([201, 400].contains(answer.code), "\(text.prefix(20)): \(answer.status)")
                    guard answer.code == 201 else { continue }
                    tags.append("n\(index)")
                    let got = try await alice.expect(200, "GET /v2/alice/private/manifests/n\(index)")
                    #expect(got.body == document && got.values(of: "x-content-type-options") == ["nosniff"])
                    try await alice.expect(200, "GET /v2/alice/private/manifests/n\(index)", ["Accept: \(FreshImage.dockerType)"])
                }
            }
            #expect(tags.count > 10)
            for (name, list) in zip(lists, before) {
                #expect(try await DistributionClient.user("root", server).expect(200, "GET /v2/\(name)/tags/list").text == list)
            }
            let own = try await alice.expect(200, "GET /v2/alice/private/tags/list").text
            #expect(!own.contains("passwd") && !own.contains(#""x""#))
        }
    }

    @Test("the digest is that of what is signed: the document's own names nothing, and other signatures make no other manifest")
    func digests() async throws {
        try await BugWorld.lend { world, server in
            let alice = DistributionClient.user("alice", server)
            let payload = NamedBytes(SignedText.payload(try world.repository("alice/private").content.layer))
            let documents = try [7, 8, 9].map { NamedBytes(try SignedText.signed(payload.text, key: [UInt8](repeating: $0, count: 32))) }
            for document in documents {
                try await alice.expect(400, "PUT /v2/alice/private/manifests/\(document.digest)", [Self.type], document.bytes)
                let answer = try await alice.expect(201, "PUT /v2/alice/private/manifests/\(payload.digest)", [Self.type], document.bytes)
                #expect(answer.values(of: "docker-content-digest") == [payload.digest.description])
                try await alice.expect(404, "GET /v2/alice/private/manifests/\(document.digest)")
                let got = try await alice.expect(200, "GET /v2/alice/private/manifests/\(payload.digest)")
                #expect(documents.contains { $0.bytes == got.body })
            }
            try await alice.expect(400, "PUT /v2/alice/private/manifests/\(payload.digest)", [Self.type], payload.bytes)
            let rows = try await CatalogDump(server.database).rows.count {
                $0.contains(payload.digest.description) && $0.hasPrefix("INSERT INTO \"manifest\" ")
            }
            #expect(rows == 1)
        }
    }
}

import ImageModel
import Testing

@Suite("A manifest of schema 1 that is read")
struct FacesSchema1ManifestTests {
    private func read(_ json: String) throws(Schema1Manifest.Refusal) -> Schema1Manifest { try Schema1Manifest(payload: Array(json.utf8)) }

    private func manifest(_ entries: (String, String)...) throws -> Schema1Manifest {
        try Schema1Manifest(
            payload: Schema1Manifest.payload(
                name: "n", tag: "t", architecture: "amd64",
                entries: entries.map { try Schema1Manifest.Entry(blobSum: #require(Digest($0.0)), document: Array($0.1.utf8)) }))
    }

    private let a = Faces.digest(0).description
    private let b = Faces.digest(1).description

    private func document(_ id: Character, _ parent: Character?, _ members: String = "") -> String {
        let parent = parent.map { #","parent":"\#(String(repeating: $0, count: 64))""# } ?? ""
        return #"{"id":"\#(String(repeating: id, count: 64))"\#(parent)\#(members)}"#
    }

    @Test("is that of engine 1.6.2, whose topmost entry stands there twice")
    func engine16() throws {
        let document = try SignedDocument(Faces.file("docker-1.6.2.schema1.json"))
        #expect(document.digest.description == "sha256:f583d1780802085a410ed1704be25e63cb7436c4292dbebc8ad0a0d89ffcb896")
        #expect(Faces.text(document.payload).split(separator: "\"blobSum\"").count == 5)
        let manifest = try Schema1Manifest(payload: document.payload)
        #expect([manifest.name, manifest.tag, manifest.architecture] == ["wharf/three-v1-6-2", "1.0", "amd64"])
        #expect(
            manifest.entries.map(\.blobSum.description) == [
                "sha256:c5b85f49585193d4e9496960032b8f2a3fe5192ccc0e6f8939696512e1d46b9c",
                "sha256:820ac1db3215a71500eff4fa94b240dfb5e7b372576b55c8b0e31410967a0de1",
                "sha256:6bb3a6e11ef03d9f4b732254be3122d9ea1167a369a9eef5c7fa97f9303725f4",
            ])
        let chain = try #require(manifest.chain)
        #expect(chain == manifest.entries.reversed())
        #expect(
            chain.map(\.image?.id.text).suffix(2) == [
                "4fc7ba8ec1de344c77b02f4cdf3a4caa045b52968bc52c3489fa7406ef91d75b",
                "b01fe566115c01032380e58a77249cfdf8cb4af59a856e94ac96d98e9d090439",
            ])
        #expect(chain.allSatisfy { $0.document.last == 0x0a && !$0.isThrowaway })
    }

    @Test("is that of engine 1.9.1")
    func engine19() throws {
        let document = try SignedDocument(Faces.file("docker-1.9.1.schema1.json"))
        #expect(document.digest.description == "sha256:45e687ae57426885a793771d4a48be110e0da8c676b9011234ead33ed361dea2")
        let manifest = try Schema1Manifest(payload: document.payload)
        #expect(
            try #require(manifest.chain).map(\.blobSum.description) == [
                "sha256:53903f74bf4a2a9046608e595abac4809038ad70242a22a7da01d6d830528f5a",
                "sha256:7b7acbdc422d863b9b4b0b0ced3562c8360a39ce69355b37b8eb9decad2b1295",
                "sha256:e396ec5a3a912554ea0ac6a7896702664a2f98bbd5c25cc71e063c0c89811380",
            ])
        #expect(
            Schema1Manifest.payload(name: "wharf/three-v1-9-1", tag: "1.0", architecture: "amd64", entries: manifest.entries)
                == document.payload)
    }

    @Test("has an entry once that follows itself, as the lower of the two has it")
    func duplicates() throws {
        let (upper, lower, base) = (document("2", "1", #","x":1"#), document("2", "1"), document("1", nil))
        let manifest = try manifest((a, upper), (a, lower), (a, lower), (b, base), (b, base))
        #expect(manifest.entries.map { Faces.text($0.document) } == [lower, base])
        #expect(manifest.chain?.count == 2)
        #expect(try self.manifest((a, "{}"), (a, "{}"), (a, #"{"x":1}"#)).entries.count == 2)
    }

    @Test("is no chain if the ids do not link")
    func notAChain() throws {
        let base = document("1", nil)
        #expect(try manifest((a, document("2", "1")), (b, base)).chain?.count == 2)
        let cases = [
            [(a, document("2", "3")), (b, base)], [(a, document("2", nil)), (b, base)], [(a, document("2", "1"))],
            // The same id with another layer, and an id that comes again further down.
            [(a, base), (b, base)], [(a, document("1", "2")), (a, document("2", "1")), (b, base)],
            [(a, #"{"id":"x"}"#)], [(a, "{}")], [(a, #"{"id":1}"#)], [(a, document("1", "1"))],
        ]
        for entries in cases {
            let made = try entries.map { try Schema1Manifest.Entry(blobSum: #require(Digest($0.0)), document: Array($0.1.utf8)) }
            let payload = Schema1Manifest.payload(name: "n", tag: "t", architecture: "a", entries: made)
            #expect(try Schema1Manifest(payload: payload).chain == nil, "\(entries)")
        }
    }

    @Test("says which entries change no file")
    func throwaway() throws {
        let values = ["true", "false", "null", "1", "\"true\""]
        let entries = try values.map {
            try Schema1Manifest.Entry(blobSum: Faces.digest(0), document: Array(document("1", nil, #","throwaway": \#($0)"#).utf8))
        }
        #expect(entries.map(\.isThrowaway) == [true, false, false, false, false])
    }

    @Test("is refused with a reason")
    func refuses() {
        let layer = #"{"blobSum":"\#(a)"}"#
        let step = #"{"v1Compatibility":"{}"}"#
        func json(_ members: String, layers: String = "[{}]", history: String = "[{}]") -> String {
            #"{\#(members),"fsLayers":\#(layers.replacing("{}", with: layer)),"history":\#(history.replacing("{}", with: step))}"#
        }
        let head = #""schemaVersion":1,"name":"n","tag":"t""#
        let cases: [(String, Schema1Manifest.Refusal)] = [
            ("", .notJSON), ("[]", .notAnObject), ("{}", .schemaVersion), (json(head) + "x", .notJSON),
            (#"{"x":"\ud800"}"#, .notUnicode), (String(repeating: "[", count: 1000), .tooDeep),
            (json(head + #","name":"m""#), .duplicateKey("name")), (json(head + #","Name":"m""#), .ambiguousKey("Name")),
            (json(head + #","fs\u004cAYERS":[]"#), .ambiguousKey("fsLAYERS")),
            (json(#""schemaVersion":2,"name":"n","tag":"t""#), .schemaVersion),
            (json(#""schemaVersion":"1","name":"n","tag":"t""#), .schemaVersion), (json(#""name":"n","tag":"t""#), .schemaVersion),
            (json(#""schemaVersion":1,"tag":"t""#), .missing("name")), (json(#""schemaVersion":1,"name":1,"tag":"t""#), .missing("name")),
            (json(#""schemaVersion":1,"name":"n""#), .missing("tag")), (json(head, layers: "[]", history: "[]"), .missing("fsLayers")),
            ("{\(head)}", .missing("fsLayers")), (#"{\#(head),"fsLayers":[\#(layer)]}"#, .missing("history")),
            (json(head, history: "[]"), .countsDiffer(layers: 1, history: 0)),
            (json(head, layers: "[{},{}]"), .countsDiffer(layers: 2, history: 1)),
            (json(head, layers: "null"), .list("fsLayers")), (json(head, layers: "[{},null]"), .list("fsLayers[1]")),
            (json(head, layers: #"[{"blobSum":1}]"#), .list("fsLayers[0]")),
            (json(head, layers: #"[{"BlobSum":"x"}]"#), .ambiguousKey("BlobSum")),
            (json(head, history: #"[{"v1Compatibility":{}}]"#), .list("history[0]")),
            (json(head, layers: #"[{"blobSum":"sha256:x"}]"#), .digest("fsLayers[0].blobSum")),
            (json(head, layers: #"[{"blobSum":"\#(Digest.of([], .sha512))"}]"#), .digest("fsLayers[0].blobSum")),
            (json(head, history: #"[{"v1Compatibility":""}]"#), .document("history[0].v1Compatibility")),
            (json(head, history: #"[{"v1Compatibility":"[]"}]"#), .document("history[0].v1Compatibility")),
            (json(head, history: #"[{"v1Compatibility":"{\"a\":1,\"a\":1}"}]"#), .document("history[0].v1Compatibility")),
            (json(head + #","signatures":[]"#), .list("signatures")),
            (json(head, layers: "[\(Array(repeating: "{}", count: 10_001).joined(separator: ","))]"), .tooManyLayers(limit: 10_000)),
        ]
        for (json, refusal) in cases { #expect(throws: refusal, "\(json.prefix(300))") { try read(json) } }
    }
}

import ImageModel
import Testing

@Suite("What is no manifest is refused, each fault with its reason")
struct ManifestRefusalTests {
    @Test("fields of two kinds of manifests, even when one of them is null")
    func ambiguousShapes() {
        #expect(Samples.refusal(Samples.image("\"manifests\":[]")) == .ambiguousShape)
        #expect(Samples.refusal(Samples.image("\"manifests\":null"), as: .ociManifest) == .ambiguousShape)
        #expect(Samples.refusal(Samples.image("\"blobs\":[]")) == .ambiguousShape)
        #expect(Samples.refusal(Samples.image("\"fsLayers\":[]")) == .ambiguousShape)
        #expect(Samples.refusal(#"{"schemaVersion":2,"manifests":[],"layers":null}"#, as: .ociIndex) == .ambiguousShape)
        #expect(Samples.refusal(#"{"schemaVersion":2,"manifests":[],"config":null}"#, as: .ociIndex) == .ambiguousShape)
    }

    @Test(
        "a schemaVersion that is missing or not 2",
        arguments: ["", #""schemaVersion":3,"#, #""schemaVersion":"2","#, #""schemaVersion":2.0,"#, #""schemaVersion":null,"#])
    func schemaVersion(member: String) {
        #expect(Samples.refusal("{\(member)\"manifests\":[]}") == .schemaVersion)
        #expect(Samples.refusal("{\(member)\"config\":\(Samples.config),\"layers\":[]}", as: .ociManifest) == .schemaVersion)
    }

    @Test("an index that calls itself schema 1")
    func oldIndex() {
        #expect(Samples.refusal(#"{"schemaVersion":1,"manifests":[]}"#) == .schemaVersion)
        #expect(Samples.refusal(#"{"schemaVersion":1,"blobs":[]}"#) == .schemaVersion)
    }

    @Test("schema 1 has a reason of its own")
    func schema1() {
        let json = #"{"schemaVersion":1,"name":"a","tag":"b","fsLayers":[{"blobSum":"x"}],"history":[],"signatures":[]}"#
        for type in [nil, .json, .dockerSchema1, .dockerSchema1Signed] as [MediaType?] {
            #expect(Samples.refusal(json, as: type) == .schema1)
        }
        #expect(Samples.refusal(#"{"schemaVersion":1}"#) == .schema1)
        #expect(Samples.refusal(Samples.image(), as: .dockerSchema1) == .schema1)
        #expect(Samples.refusal(#"{"mediaType":"\#(MediaType.dockerSchema1Signed)"}"#) == .schema1)
    }

    @Test("a document without the fields of any kind, or without one that its kind needs")
    func incomplete() {
        #expect(Samples.refusal(#"{"schemaVersion":2}"#) == .unknownShape)
        #expect(Samples.refusal("{}") == .schemaVersion)
        #expect(Samples.refusal(#"{"schemaVersion":2,"layers":[]}"#) == .missing("config"))
        #expect(Samples.refusal(#"{"schemaVersion":2,"layers":[],"config":null}"#) == .missing("config"))
        #expect(Samples.refusal(#"{"schemaVersion":2,"config":\#(Samples.config)}"#) == .missing("layers"))
    }

    @Test("a type of its own that is none, or not the request's")
    func mediaTypes() {
        for type in ["1", "\"manifest\"", "\"a/b; c=d\"", "\" a/b\"", "\"a/\"", "\"a/b\\u0000\"", "[]"] {
            #expect(Samples.refusal(Samples.image("\"mediaType\":\(type)")) == .mediaType)
        }
        #expect(
            Samples.refusal(Samples.image("\"mediaType\":\"\(MediaType.ociManifest)\""), as: .dockerManifest)
                == .mediaTypeMismatch(document: .ociManifest, contentType: .dockerManifest))
    }

    @Test("a document that is not what its type says")
    func contradictions() {
        let index = #"{"schemaVersion":2,"manifests":[]}"#
        for type in [.ociIndex, .dockerManifestList, .ociArtifactManifest] as [MediaType] {
            #expect(Samples.refusal(Samples.image(), as: type) == .contradicts(type))
            #expect(Samples.refusal(Samples.image("\"mediaType\":\"\(type)\"")) == .contradicts(type))
        }
        for type in [.ociManifest, .dockerManifest, .ociArtifactManifest] as [MediaType] {
            #expect(Samples.refusal(index, as: type) == .contradicts(type))
        }
    }

    @Test(
        "a digest of an unknown algorithm, in upper case, with separators, or of a wrong length",
        arguments: [
            "sha256:" + String(repeating: "A", count: 64), "sha256:" + String(repeating: "a", count: 63),
            "sha256:../../" + String(repeating: "a", count: 58),
            "md5:" + String(repeating: "a", count: 32), "sha256", "", "SHA256:" + String(repeating: "a", count: 64),
            "sha512:" + String(repeating: "a", count: 64), "sha256:" + String(repeating: "a", count: 64) + "\\u0000",
            "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
        ])
    func digests(digest: String) {
        #expect(Samples.refusal(Samples.image(layer: Samples.layer(#""digest":"\#(digest)","size":1"#))) == .digest("layers[0]"))
    }

    @Test(
        "a size that is negative, no whole number in plain digits, or too large",
        arguments: ["-1", "-0", "1.0", "1e3", "1E2", "9223372036854775808", "1e400", "\"1\"", "null", "true", "[]"])
    func sizes(size: String) {
        let layer = Samples.layer(#""digest":"\#(Samples.a)","size":\#(size)"#)
        #expect(Samples.refusal(Samples.image(layer: layer)) == .size("layers[0]"))
    }

    @Test("the largest size is one")
    func largestSize() throws {
        let layer = Samples.layer(#""digest":"\#(Samples.b)","size":9223372036854775807"#)
        #expect(try Samples.manifest(Samples.image(layer: layer)).blobs.last?.size == 9_223_372_036_854_775_807)
    }

    @Test("descriptors that are none, wherever they stand")
    func descriptors() {
        for text in [
            "null", "1", "[]", "\"x\"", "{}", #"{"digest":"\#(Samples.a)","size":1}"#,
            #"{"mediaType":"x","digest":"\#(Samples.a)","size":1}"#,
        ] {
            #expect(Samples.refusal(Samples.image(layer: text)) == .descriptor("layers[0]"))
        }
        #expect(Samples.refusal(Samples.image(layer: Samples.layer + ",7")) == .descriptor("layers[1]"))
        #expect(Samples.refusal(Samples.image(layer: Samples.layer(#""size":1"#))) == .digest("layers[0]"))
        #expect(Samples.refusal(Samples.image(layer: Samples.layer(#""digest":"\#(Samples.a)""#))) == .size("layers[0]"))
        #expect(Samples.refusal(Samples.image("\"subject\":{}")) == .descriptor("subject"))
        #expect(Samples.refusal(#"{"schemaVersion":2,"config":[],"layers":[]}"#) == .descriptor("config"))
        #expect(Samples.refusal(#"{"schemaVersion":2,"manifests":[{}]}"#) == .descriptor("manifests[0]"))
        #expect(Samples.refusal(#"{"blobs":[{}]}"#) == .descriptor("blobs[0]"))
        #expect(Samples.refusal(#"{"schemaVersion":2,"manifests":{}}"#) == .list("manifests"))
        #expect(Samples.refusal(#"{"schemaVersion":2,"config":\#(Samples.config),"layers":"x"}"#) == .list("layers"))
    }

    @Test(
        "fields of a descriptor that are not what they have to be",
        arguments: [
            (#""urls":"http://a""#, .descriptor("layers[0]")), (#""urls":[1]"#, .descriptor("layers[0]")),
            (#""urls":[null]"#, .descriptor("layers[0]")), (#""urls":["a\u0000b"]"#, .descriptor("layers[0]")),
            (#""platform":"linux""#, .platform("layers[0]")), (#""platform":{"os":1}"#, .platform("layers[0]")),
            (#""platform":{"os":"a\nb"}"#, .platform("layers[0]")), (#""platform":{"variant":[]}"#, .platform("layers[0]")),
            (#""artifactType":"x""#, .artifactType("layers[0].artifactType")),
            (#""annotations":{"a":1}"#, .annotations("layers[0].annotations")),
            (#""annotations":[]"#, .annotations("layers[0].annotations")),
        ] as [(String, Manifest.Refusal)])
    func descriptorFields(member: String, refusal: Manifest.Refusal) {
        let layer = Samples.layer(#""digest":"\#(Samples.a)","size":1,\#(member)"#)
        #expect(Samples.refusal(Samples.image(layer: layer)) == refusal)
    }

    @Test(
        "embedded data that is no base64 or not what digest and size say",
        arguments: [
            (#""e30=""#, 3), (#""e30""#, 2), (#""e30=\n""#, 2), (#""e31=""#, 2), (#""e2E=""#, 2), (#""e3 0""#, 2), (#""""#, 2),
            (#""e_-=""#, 2), ("1", 2),
            ("{}", 2),
            (#""e30=e30=""#, 4), (#""e30=""#, 9_223_372_036_854_775_807),
        ])
    func data(data: String, size: Int) {
        let digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        let layer = #"{"data":\#(data),"mediaType":"a/b","digest":"\#(digest)","size":\#(size)}"#
        #expect(Samples.refusal(Samples.image(layer: layer)) == .data("layers[0]"))
    }

    @Test("annotations and artifact types that are none")
    func rest() {
        for text in ["[]", "\"x\"", #"{"a":1}"#, #"{"a":null}"#, #"{"a":"b","c":{"d":"e"}}"#] {
            #expect(Samples.refusal(Samples.image("\"annotations\":\(text)")) == .annotations("annotations"))
        }
        for text in ["1", "\"x\"", "{}", #""a/b\n""#] {
            #expect(Samples.refusal(Samples.image("\"artifactType\":\(text)")) == .artifactType("artifactType"))
        }
    }

    @Test("a reason is a sentence that names the place")
    func sentences() {
        #expect("\(Manifest.Refusal.digest("layers[3]"))" == "layers[3] has no valid digest of a known algorithm")
        #expect(
            "\(Manifest.Refusal.mediaTypeMismatch(document: .ociIndex, contentType: .ociManifest))"
                == "the manifest's mediaType is application/vnd.oci.image.index.v1+json, but the request's Content-Type is "
                + "application/vnd.oci.image.manifest.v1+json")
        #expect("\(Manifest.Refusal.tooManyDescriptors(limit: 7))" == "the manifest has more than 7 descriptors")
    }
}

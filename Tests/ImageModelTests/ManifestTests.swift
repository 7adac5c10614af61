import ImageModel
import Testing

@Suite("What a registry reads of a manifest")
struct ManifestTests {
    let a = Samples.a
    let b = Samples.b
    let c = Samples.c

    private func descriptor(_ type: String, _ digest: String, _ size: Int64) throws -> Descriptor {
        Descriptor(mediaType: try #require(MediaType(type)), digest: try #require(Digest(digest)), size: size)
    }

    @Test("an image of OCI, with all its fields")
    func image() throws {
        let json = """
            {
              "annotations": { "org.example.b": "ü", "a" : "\\u0000\\"" },
              "layers": [\(Samples.layer), \(Samples.otherLayer), \(Samples.layer)],
              "subject": \(Samples.child),
              "artifactType": "application/vnd.Example+Type",
              "config": \(Samples.config),
              "mediaType": "application/vnd.oci.image.manifest.v1+json",
              "schemaVersion": 2,
              "org.example": [{"layers": [{}]}, 1e3, null]
            }

            """
        let manifest = try Samples.manifest(json, as: .ociManifest)
        let config = try descriptor("application/vnd.oci.image.config.v1+json", a, 10)
        let layers = [try descriptor(Samples.gzip, b, 20), try descriptor(Samples.gzip, c, 30), try descriptor(Samples.gzip, b, 20)]
        let subject = try descriptor("application/vnd.oci.image.manifest.v1+json", b, 40)
        #expect(manifest.mediaType == .ociManifest)
        #expect(manifest.content == .image(config: config, layers: layers))
        #expect(manifest.subject == subject)
        #expect(manifest.artifactType == "application/vnd.Example+Type")
        #expect(manifest.annotations.map { String(decoding: $0, as: UTF8.self) } == #"{ "org.example.b": "ü", "a" : "\u0000\"" }"#)
        #expect(manifest.blobs == [config, layers[0], layers[1]])
        #expect(manifest.children == [])
        #expect(manifest.v1ImageID == nil)
    }

    @Test("an image of Docker's schema 2, with a foreign layer")
    func dockerImage() throws {
        let json = """
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
            "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":7,"digest":"\(a)"},
            "layers":[{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","size":9,"digest":"\(b)",
            "urls":["https:\\/\\/example.com/layer","http://example.org/"]}]}
            """
        let manifest = try Samples.manifest(json, as: .dockerManifest)
        let layer = Descriptor(
            mediaType: try #require(MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")),
            digest: try #require(Digest(b)), size: 9, urls: ["https://example.com/layer", "http://example.org/"])
        #expect(manifest.mediaType == .dockerManifest)
        #expect(
            try manifest.content
                == .image(config: descriptor("application/vnd.docker.container.image.v1+json", a, 7), layers: [layer]))
        #expect(manifest.artifactType == "application/vnd.docker.container.image.v1+json")
        #expect(manifest.annotations == nil)
        #expect(manifest.subject == nil)
        #expect(manifest.v1ImageID?.text == String(repeating: "a", count: 64))
    }

    @Test("an index with platforms, a nested index and types that nobody knows")
    func index() throws {
        let json = """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\(a)","size":1,
             "platform":{"os":"linux","architecture":"arm","variant":"v7","os.features":["x"]},"artifactType":"a/b","annotations":{"k":""}},
            {"mediaType":"application/vnd.oci.image.index.v1+json","digest":"\(b)","size":2,"platform":{"os":"linux"}},
            {"mediaType":"application/vnd.example.new","digest":"\(c)","size":0,"platform":null,"urls":null,"data":null,"annotations":null},
            {"mediaType":"application/vnd.example.new","digest":"\(c)","size":0}]}
            """
        let manifest = try Samples.manifest(json, as: .ociIndex)
        let first = Descriptor(
            mediaType: .ociManifest, digest: try #require(Digest(a)), size: 1,
            platform: Platform(os: "linux", architecture: "arm", variant: "v7"), artifactType: "a/b")
        let second = Descriptor(
            mediaType: .ociIndex, digest: try #require(Digest(b)), size: 2, platform: Platform(os: "linux", architecture: ""))
        let third = try descriptor("application/vnd.example.new", c, 0)
        #expect(manifest.mediaType == .ociIndex)
        #expect(manifest.content == .index([first, second, third, third]))
        #expect(manifest.children == [first, second, third])
        #expect(manifest.blobs == [])
        #expect(manifest.artifactType == nil)
        #expect(manifest.v1ImageID == nil)
    }

    @Test("a list of Docker, an empty index, and an index without a type of its own")
    func emptyIndexes() throws {
        let list = try Samples.manifest(
            #"{"schemaVersion":2,"mediaType":"\#(MediaType.dockerManifestList)","manifests":[]}"#, as: .dockerManifestList)
        #expect(list.mediaType == .dockerManifestList)
        #expect(list.content == .index([]))
        let null = try Samples.manifest(#"{"schemaVersion":2,"manifests":null,"annotations":{},"subject":null}"#)
        #expect(null.mediaType == .ociIndex)
        #expect(null.content == .index([]))
        #expect(null.annotations == nil)
        #expect(null.subject == nil)
    }

    @Test("an image without layers, written as an empty list or as null", arguments: ["[]", "null"])
    func noLayers(layers: String) throws {
        let manifest = try Samples.manifest(#"{"schemaVersion":2,"config":\#(Samples.config),"layers":\#(layers)}"#)
        #expect(try manifest.content == .image(config: descriptor("application/vnd.oci.image.config.v1+json", a, 10), layers: []))
    }

    @Test("an artifact of the draft, which has no schemaVersion and perhaps no blobs")
    func artifact() throws {
        let json = #"{"mediaType":"\#(MediaType.ociArtifactManifest)","artifactType":"a/b","blobs":[\#(Samples.layer)]}"#
        let manifest = try Samples.manifest(json, as: .ociArtifactManifest)
        #expect(manifest.mediaType == .ociArtifactManifest)
        #expect(try manifest.content == .artifact(blobs: [descriptor(Samples.gzip, b, 20)]))
        #expect(try manifest.blobs == [descriptor(Samples.gzip, b, 20)])
        #expect(manifest.artifactType == "a/b")
        let bare = try Samples.manifest(#"{"mediaType":"\#(MediaType.ociArtifactManifest)"}"#)
        #expect(bare.content == .artifact(blobs: []))
    }

    @Test(
        "a type that is none of JSON is refused: a browser might run the document",
        arguments: [
            "text/html", "image/svg+xml", "application/xhtml+xml", "application/javascript", "text/json", "application/vnd.example",
        ])
    func activeTypes(text: String) throws {
        let type = try #require(MediaType(text))
        #expect(throws: Manifest.Refusal.activeType(type)) { try Samples.manifest(Samples.image(), as: type) }
        #expect(throws: Manifest.Refusal.activeType(type)) {
            try Samples.manifest(#"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[]}"#)
        }
    }

    @Test("an unknown type is kept, and its document taken for what its shape says")
    func unknownTypes() throws {
        let type = try #require(MediaType("application/vnd.example.manifest+json"))
        let image = try Samples.manifest(Samples.image(), as: type)
        #expect(image.mediaType == type)
        #expect(image.blobs.count == 2)
        let index = try Samples.manifest(#"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(Samples.child)]}"#)
        #expect(index.mediaType == type)
        #expect(try index.children == [descriptor("application/vnd.oci.image.manifest.v1+json", b, 40)])
        #expect(try Samples.manifest(#"{"blobs":[\#(Samples.layer)]}"#, as: type).blobs == [descriptor(Samples.gzip, b, 20)])
    }

    @Test(
        "the type is the request's, else the document's, else that of the shape; application/json is none",
        arguments: [
            (MediaType.dockerManifest, nil, MediaType.dockerManifest), (nil, MediaType.dockerManifest, .dockerManifest),
            (.json, .dockerManifest, .dockerManifest), (nil, nil, .ociManifest), (.json, nil, .ociManifest),
        ] as [(MediaType?, MediaType?, MediaType)])
    func types(contentType: MediaType?, own: MediaType?, expected: MediaType) throws {
        let json = own.map { Samples.image("\"mediaType\":\"\($0)\"") } ?? Samples.image("\"mediaType\":\"\"")
        #expect(try Samples.manifest(json, as: contentType).mediaType == expected)
    }

    @Test("a referrer's type is its own, else an image config's as written; an empty one is none")
    func artifactTypes() throws {
        func image(_ type: String, config: String) throws -> Manifest {
            let config = #"{"mediaType":"\#(config)","digest":"\#(a)","size":1}"#
            return try Samples.manifest(#"{"schemaVersion":2\#(type),"config":\#(config),"layers":[]}"#)
        }
        #expect(try image("", config: "application/vnd.Example.Config").artifactType == "application/vnd.Example.Config")
        #expect(try image(#","artifactType":"""#, config: "x/y").artifactType == "x/y")
        #expect(try image(#","artifactType":null"#, config: "x/y").artifactType == "x/y")
        #expect(try image(#","artifactType":"p/q""#, config: "x/y").artifactType == "p/q")
        #expect(try Samples.manifest(#"{"schemaVersion":2,"artifactType":"p/q","manifests":[]}"#).artifactType == "p/q")
        #expect(try Samples.manifest(#"{"schemaVersion":2,"artifactType":"","manifests":[]}"#).artifactType == nil)
    }

    @Test("v1's image id is an image config's sha256, and an artifact has none")
    func v1ImageID() throws {
        func id(config: String, digest: String, _ member: String = "\"x\":1") throws -> String? {
            let config = #"{"mediaType":"\#(config)","digest":"\#(digest)","size":1}"#
            return try Samples.manifest(#"{"schemaVersion":2,"config":\#(config),"layers":[],\#(member)}"#).v1ImageID?.text
        }
        let hex = String(repeating: "a", count: 64)
        #expect(try id(config: "application/vnd.oci.image.config.v1+json", digest: a) == hex)
        #expect(try id(config: "application/vnd.docker.container.image.v1+json", digest: a) == hex)
        #expect(try id(config: "application/vnd.oci.image.config.v1+json", digest: c) == nil)
        #expect(try id(config: "application/vnd.oci.empty.v1+json", digest: a) == nil)
        #expect(try id(config: "application/vnd.oci.image.config.v1+json", digest: a, #""artifactType":"a/b""#) == nil)
    }

    @Test("embedded data is compared with digest and size")
    func data() throws {
        let empty = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        let json = Samples.image(layer: #"{"data":"e30=","mediaType":"\#(MediaType.ociEmpty)","digest":"\#(empty)","size":2}"#)
        #expect(try Samples.manifest(json).blobs.last == descriptor("application/vnd.oci.empty.v1+json", empty, 2))
        let nothing = Digest.of([], .sha512)
        let other = Samples.image(layer: #"{"data":"","mediaType":"a/b","digest":"\#(nothing)","size":0}"#)
        #expect(try Samples.manifest(other).blobs.last == descriptor("a/b", nothing.description, 0))
    }

    @Test("as many descriptors as the limit are read, config and subject included")
    func limit() throws {
        let json = Samples.image("\"subject\":\(Samples.child)")
        #expect(try Samples.manifest(json, limit: 3).blobs.count == 2)
        #expect(Samples.refusal(json, limit: 2) == .tooManyDescriptors(limit: 2))
        let list = Array(repeating: Samples.child, count: 10_001).joined(separator: ",")
        #expect(Samples.refusal(#"{"schemaVersion":2,"manifests":[\#(list)]}"#) == .tooManyDescriptors(limit: 10_000))
        let most = Array(repeating: Samples.child, count: 10_000).joined(separator: ",")
        #expect(try Samples.manifest(#"{"schemaVersion":2,"manifests":[\#(most)]}"#).children.count == 1)
    }
}

import ImageModel
import Testing

@Suite("Layers and manifests of the newer faces")
struct FacesLayerTests {
    static let kinds: [(String, LayerKind)] = [
        ("application/vnd.oci.image.layer.v1.tar", LayerKind(packing: .plain, isForeign: false)),
        ("application/vnd.oci.image.layer.v1.tar+gzip", LayerKind(packing: .gzip, isForeign: false)),
        ("application/vnd.oci.image.layer.v1.tar+zstd", LayerKind(packing: .zstd, isForeign: false)),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar", LayerKind(packing: .plain, isForeign: true)),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", LayerKind(packing: .gzip, isForeign: true)),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", LayerKind(packing: .zstd, isForeign: true)),
        ("application/vnd.docker.image.rootfs.diff.tar", LayerKind(packing: .plain, isForeign: false)),
        ("application/vnd.docker.image.rootfs.diff.tar.gzip", LayerKind(packing: .gzip, isForeign: false)),
        ("application/vnd.docker.image.rootfs.diff.tar.zstd", LayerKind(packing: .zstd, isForeign: false)),
        ("application/vnd.docker.image.rootfs.foreign.diff.tar", LayerKind(packing: .plain, isForeign: true)),
        ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", LayerKind(packing: .gzip, isForeign: true)),
    ]

    @Test("each layer type has its kind, and its kind that type again where the face has a word for it", arguments: kinds)
    func byType(text: String, kind: LayerKind) throws {
        let type = try #require(MediaType(text))
        #expect(LayerKind(type) == kind)
        let isOCI = text.contains("oci")
        #expect(kind.mediaType(isOCI ? .oci : .docker) == (!isOCI && kind.packing == .zstd ? nil : type))
        #expect(kind.mediaType(.v1) == nil)
        #expect(kind.mediaType(.schema1) == nil)
    }

    @Test(
        "other types are no layers",
        arguments: [
            "application/vnd.in-toto+json", "application/vnd.oci.image.layer.v1.tar+bzip2",
            "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
            "application/vnd.oci.empty.v1+json", "application/octet-stream", "application/vnd.docker.image.rootfs.diff.tar+gzip",
        ])
    func noLayers(text: String) throws {
        #expect(LayerKind(try #require(MediaType(text))) == nil)
    }

    private func manifest(_ type: String, _ members: String = "", config: String, layer: String) throws -> Manifest {
        let a = Samples.a
        return try Samples.manifest(
            #"{"schemaVersion":2,"mediaType":"\#(type)"\#(members),"config":{"mediaType":"\#(config)","digest":"\#(a)","size":1},"#
                + #""layers":[\#(Samples.layer),{"mediaType":"\#(layer)","digest":"\#(a)","size":1}]}"#)
    }

    @Test("an image can be run, and has an id in v1, if all its layers are file systems")
    func runnable() throws {
        let (oci, docker) = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
        let (ociConfig, dockerConfig) = ("application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json")
        let layer = "application/vnd.docker.image.rootfs.diff.tar.gzip"
        let octets = "application/octet-stream"
        let cases: [(Manifest, Bool)] = [
            (try manifest(oci, config: ociConfig, layer: layer), true), (try manifest(docker, config: dockerConfig, layer: layer), true),
            // Engine 1.10 does not say what its config is.
            (try manifest(docker, config: octets, layer: layer), true), (try manifest(oci, config: octets, layer: layer), false),
            (try manifest(docker, config: octets, layer: octets), false),
            (try manifest(oci, config: ociConfig, layer: "application/vnd.in-toto+json"), false),
            (try manifest(docker, config: dockerConfig, layer: "application/vnd.in-toto+json"), false),
            (try manifest(oci, config: "application/vnd.oci.empty.v1+json", layer: layer), false),
            (try manifest(oci, #","artifactType":"a/b""#, config: ociConfig, layer: layer), false),
            (try Samples.manifest(#"{"schemaVersion":2,"manifests":[]}"#), false),
        ]
        for (manifest, isRunnable) in cases {
            #expect(manifest.isRunnableImage == isRunnable, "\(manifest)")
            #expect(manifest.v1ImageID?.text == (isRunnable ? String(repeating: "a", count: 64) : nil), "\(manifest)")
        }
    }

    @Test("a manifest is written in the words of its face, and says again what it was made of")
    func document() throws {
        let (a, b) = (Faces.digest(0), Faces.digest(1))
        let layers = [
            LayerDescriptor(kind: LayerKind(packing: .gzip, isForeign: false), digest: b, size: 1 << 40),
            LayerDescriptor(kind: LayerKind(packing: .plain, isForeign: true), digest: a, size: 0, urls: ["https://a/?b&c", "x\"y"]),
        ]
        let docker = try #require(Manifest.document(.docker, config: (a, 7), layers: layers))
        #expect(
            Faces.text(docker) == #"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","#
                + #""config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"\#(a)","size":7},"layers":["#
                + #"{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"\#(b)","size":1099511627776},"#
                + #"{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar","digest":"\#(a)","size":0,"#
                + #""urls":["https://a/?b\u0026c","x\"y"]}]}"#)
        let oci = try #require(Manifest.document(.oci, config: (a, 7), layers: layers))
        #expect(
            Faces.text(oci) == #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","#
                + #""config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(a)","size":7},"layers":["#
                + #"{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(b)","size":1099511627776},"#
                + #"{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar","digest":"\#(a)","size":0,"#
                + #""urls":["https://a/?b\u0026c","x\"y"]}]}"#)
        let read = try Manifest(oci, contentType: .ociManifest)
        #expect(read.blobs.map(\.digest) == [a, b])
        #expect(read.isRunnableImage)
    }

    @Test("no manifest is written in words that a face does not have")
    func noWords() throws {
        let layer = LayerDescriptor(kind: LayerKind(packing: .zstd, isForeign: false), digest: Faces.digest(0), size: 1)
        #expect(Manifest.document(.docker, config: (Faces.digest(1), 1), layers: [layer]) == nil)
        #expect(Manifest.document(.oci, config: (Faces.digest(1), 1), layers: [layer]) != nil)
        for face in [Face.v1, .schema1] { #expect(Manifest.document(face, config: (Faces.digest(1), 1), layers: []) == nil) }
    }
}

import ImageModel
import Testing

@Suite("Media types")
struct MediaTypeTests {
    @Test(
        "a type is kept in lower case, without parameters and blanks",
        arguments: [
            ("application/json", "application/json"), ("Application/JSON; charset=utf-8", "application/json"), (" a/b\t;", "a/b"),
            ("application/vnd.oci.image.manifest.v1+json ;q=0.5", "application/vnd.oci.image.manifest.v1+json"), ("a/b;;;", "a/b"),
        ])
    func types(field: String, text: String) {
        #expect(MediaType(field)?.text == text)
    }

    @Test(
        "what is no type",
        arguments: [
            "", "a", "/", "a/", "/b", "a/b/c", "a b/c", "a/b c", "a/b\0", "a/b\n", "ä/b", ";a/b", "a/b,c/d", "a/\"b\"",
            "a/" + String(repeating: "b", count: 254),
        ])
    func noTypes(field: String) {
        #expect(MediaType(field) == nil)
    }

    @Test("the longest type has 255 bytes")
    func longest() {
        #expect(MediaType("a/" + String(repeating: "b", count: 253) + "; c=d")?.text.utf8.count == 255)
    }

    @Test("the known types, as they are written")
    func known() {
        #expect(
            [
                MediaType.ociManifest, .ociIndex, .ociArtifactManifest, .dockerManifest, .dockerManifestList, .dockerSchema1,
                .dockerSchema1Signed, .ociConfig,
                .dockerConfig, .ociEmpty, .json,
            ].map(\.text) == [
                "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
                "application/vnd.oci.artifact.manifest.v1+json",
                "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
                "application/vnd.docker.distribution.manifest.v1+json", "application/vnd.docker.distribution.manifest.v1+prettyjws",
                "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json",
                "application/vnd.oci.empty.v1+json",
                "application/json",
            ])
    }

    @Test(
        "which layers need not be in a registry",
        arguments: [
            ("application/vnd.oci.image.layer.nondistributable.v1.tar", true),
            ("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", true),
            ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", true),
            ("application/vnd.docker.image.rootfs.diff.tar.gzip", false),
            ("application/vnd.oci.image.layer.v1.tar", false), ("application/vnd.example.nondistributable", false),
        ])
    func nondistributable(type: String, expected: Bool) {
        #expect(MediaType(type)?.isNondistributable == expected)
    }

    @Test("which configs are those of container images")
    func configs() {
        #expect(MediaType.ociConfig.isImageConfig)
        #expect(MediaType.dockerConfig.isImageConfig)
        #expect(!MediaType.ociEmpty.isImageConfig)
    }
}

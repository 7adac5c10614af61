import ImageModel
import RegistryWire
import Testing

@Suite("What v2 answers")
struct DistributionBodyTests {
    static let digest = "sha256:" + String(repeating: "a1", count: 32)

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a failure is a list of errors, with details only where there are some")
    func errors() {
        let one = DistributionErrors(DistributionError(.nameUnknown, "repository name not known to registry"))
        #expect(text(one.json) == #"{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}"#)
        let two = DistributionErrors([
            DistributionError(.manifestBlobUnknown, "a \"b\" \\ \n\u{1F}é/", detail: ["digest": "\(Self.digest)"]),
            DistributionError(.denied, "", detail: ["tag": "1", "tags": ["a", "b\""], "none": []]),
        ])
        let first = #"{"code":"MANIFEST_BLOB_UNKNOWN","message":"a \"b\" \\ \u000a\u001fé/","detail":{"digest":"\#(Self.digest)"}}"#
        let second = #"{"code":"DENIED","message":"","detail":{"tag":"1","tags":["a","b\""],"none":[]}}"#
        #expect(text(two.json) == #"{"errors":[\#(first),\#(second)]}"#)
    }

    @Test("codes are those of the specification, and one that Docker's had for schema 1")
    func codes() {
        #expect(
            DistributionErrorCode.allCases.map(\.rawValue) == [
                "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
                "MANIFEST_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "UNAUTHORIZED", "DENIED",
                "UNSUPPORTED",
                "TOOMANYREQUESTS",
            ])
    }

    @Test("lists name repositories as people see them, and an empty list is a list")
    func lists() throws {
        let (team, ubuntu) = (try #require(RepositoryName("team/app")), try #require(RepositoryName("library/ubuntu")))
        let tag = ImageModel.Tag("1.0")
        let tags = [try #require(tag), .latest]
        #expect(text(TagListJSON(name: team, tags: tags).json) == #"{"name":"team/app","tags":["1.0","latest"]}"#)
        #expect(text(TagListJSON(name: ubuntu, tags: []).json) == #"{"name":"ubuntu","tags":[]}"#)
        #expect(text(CatalogJSON(repositories: [team, ubuntu]).json) == #"{"repositories":["team/app","ubuntu"]}"#)
        #expect(text(CatalogJSON(repositories: []).json) == #"{"repositories":[]}"#)
    }

    @Test("referrers are an index, in which annotations stand byte for byte")
    func referrers() throws {
        let digest = try #require(Digest(Self.digest))
        let manifest = try #require(MediaType("application/vnd.oci.image.manifest.v1+json"))
        let index = try #require(MediaType("application/vnd.oci.image.index.v1+json"))
        let annotations = #"{ "b" : "\u00e9", "a":"1"}"#
        let head = #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":["#
        #expect(text(ReferrersJSON.document([])) == "\(head)]}")
        let document = ReferrersJSON.document([
            ReferrersJSON.Row(
                mediaType: manifest, digest: digest, size: 1234, artifactType: "a/\"b\"", annotations: Array(annotations.utf8)),
            ReferrersJSON.Row(mediaType: index, digest: digest, size: 0, artifactType: nil, annotations: nil),
        ])
        let first =
            #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(Self.digest)","size":1234,"artifactType":"a/\"b\"","#
            + #""annotations":\#(annotations)}"#
        let second = #"{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"\#(Self.digest)","size":0}"#
        #expect(text(document) == "\(head)\(first),\(second)]}")
    }
}

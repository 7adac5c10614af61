import ImageModel
import Testing

/// What is derived of what a repository of the world holds: worked out here, and derived by the program before the tables are asked, so
/// that a request for it changes nothing.
struct PlantedFaces: Sendable {
    private static let dockerType = "application/vnd.docker.distribution.manifest.v2+json"
    private static let dockerConfigType = "application/vnd.docker.container.image.v1+json"
    private static let dockerLayerType = "application/vnd.docker.image.rootfs.diff.tar"
    static let signedType = "application/vnd.docker.distribution.manifest.v1+prettyjws"
    static let acceptDocker = "Accept: \(dockerType)"
    /// To which a signed manifest is shown without asking.
    static let oldEngine = "User-Agent: docker/1.9.1 go/go1.4.3"

    /// The config of ``PlantedRepository/image`` (v1.md §9.1). Nobody has pushed it.
    let config: NamedBytes
    /// A manifest of Docker that has no tag, and the one of OCI that is derived of it.
    let pushed: NamedBytes
    let derived: NamedBytes
    private let pushedConfig: NamedBytes
    private let layer: NamedBytes
    /// What ``PlantedContent/manifest`` is in v1 (v1.md §9.2).
    let image: ImageID
    let document: String
    /// A signed manifest that nobody has pushed, and its layer.
    let signed: NamedBytes

    init(_ word: String, image: PlantedImage, content: PlantedContent) {
        config = NamedBytes(
            #"{"architecture":"amd64","history":[{"created":"0001-01-01T00:00:00Z"}],"os":"linux","rootfs":"#
                + #"{"type":"layers","diff_ids":["\#(NamedBytes(image.layer).digest)"]}}"#)
        layer = NamedBytes("another layer of \(word)\n")
        pushedConfig = PlantedContent.config(of: "\(word), again", layer)
        pushed = NamedBytes(Self.manifest(Self.dockerType, pushedConfig, Self.dockerConfigType, layer, Self.dockerLayerType))
        derived = NamedBytes(
            Self.manifest(PlantedContent.imageType, pushedConfig, PlantedContent.configType, layer, PlantedContent.layerType))
        self.image = ImageID(content.config.digest.hex) ?? image.id
        document = #"{"architecture":"amd64","author":"\#(word)","id":"\#(self.image)","os":"linux"}"#
        signed = NamedBytes((try? SignedText.signed(SignedText.payload(content.layer, name: word))) ?? [])
    }

    private static func manifest(
        _ type: String, _ config: NamedBytes, _ configType: String, _ layer: NamedBytes, _ layerType: String
    ) -> String {
        #"{"schemaVersion":2,"mediaType":"\#(type)","config":\#(config.descriptor(configType)),"#
            + #""layers":[\#(layer.descriptor(layerType))]}"#
    }

    func plant(in name: String, by client: DistributionClient) async throws {
        for blob in [pushedConfig, layer] { try await client.push(blob, to: name) }
        try await client.push(pushed, Self.dockerType, to: name, as: "passing")
        let made = try await client.expect(200, "GET /v2/\(name)/manifests/passing", ["Accept: \(PlantedContent.imageType)"])
        #expect(made.body == derived.bytes)
        try await client.expect(202, "DELETE /v2/\(name)/manifests/passing", [], [])
        for tag in [PlantedContent.tag, "latest"] {
            for field in [Self.acceptDocker, "Accept: \(PlantedContent.imageType)", Self.oldEngine] {
                try await client.expect(200, "GET /v2/\(name)/manifests/\(tag)", [field])
            }
        }
        let blob = try await client.expect(200, "GET /v2/\(name)/blobs/\(config.digest)")
        #expect(blob.body == config.bytes)
        let token = #"X-Docker-Token: signature=0,repository="\#(name)",access=read"#
        try await client.expect(200, "GET /v1/images/\(image)/json", [token])
    }

    /// What the tables call by these names.
    var values: [String: String] {
        [
            "config": config.text, "configname": config.digest.description, "derived": derived.text, "facedocument": document,
            "faceimage": image.text,
        ]
    }
}

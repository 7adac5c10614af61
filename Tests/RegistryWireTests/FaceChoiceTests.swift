import ImageModel
import RegistryWire
import Testing

@Suite("Which face of an image a client is shown")
struct FaceChoiceTests {
    private static let schema1 = "\(MediaType.dockerSchema1Signed)"
    private static let docker = "\(MediaType.dockerManifest)"
    private static let list = "\(MediaType.dockerManifestList)"
    private static let oci = "\(MediaType.ociManifest)"
    private static let index = "\(MediaType.ociIndex)"
    /// Of engine 1.10.3 (v1.md §10.1), and of those of today.
    private static let engine110 = [schema1, docker, list, "application/json"]
    private static let today = [docker, list, oci, index, "application/vnd.docker.distribution.manifest.v1+prettyjws"]

    private static func decision(_ tagged: Tagged, _ accepted: [String], _ agent: String? = nil) -> FaceChoice.Decision {
        FaceChoice(AcceptField(accepted), by: ClientAgent(userAgent: agent)).decision(for: tagged)
    }

    @Test(
        "engines 1.6 to 1.9, which say nothing, get schema 1 of everything that can be it", arguments: ["1.6.2", "1.7.1", "1.8.3", "1.9.1"])
    func oldEngines(version: String) {
        let agent = "docker/\(version) go/go1.4.2 git-commit/4749651 kernel/3.13.0 os/linux arch/amd64"
        #expect(Self.decision(.v1Image, [], agent) == .derived(.schema1))
        #expect(Self.decision(.schema1Manifest, [], agent) == .asPushed)
        #expect(Self.decision(.image(.dockerManifest), [], agent) == .derived(.schema1))
        #expect(Self.decision(.image(.ociManifest), [], agent) == .derived(.schema1))
        #expect(Self.decision(.index(.ociIndex), [], agent) == .platformImage)
        #expect(Self.decision(.artifact(.ociManifest), [], agent) == .notAcceptable)
        #expect(Self.decision(.v1Image, [Self.oci], agent) == .derived(.oci))
    }

    @Test(
        "who says nothing and is none of them gets what was pushed, and schema 2 of a v1 image",
        arguments: ["docker/1.10.3", "curl/7", nil])
    func silent(agent: String?) {
        for accepted in [[], ["*/*"], ["application/*"], ["application/json"]] {
            #expect(Self.decision(.v1Image, accepted, agent) == .derived(.docker))
            #expect(Self.decision(.schema1Manifest, accepted, agent) == .asPushed)
            #expect(Self.decision(.image(.ociManifest), accepted, agent) == .asPushed)
            #expect(Self.decision(.index(.dockerManifestList), accepted, agent) == .asPushed)
            #expect(Self.decision(.artifact(.ociArtifactManifest), accepted, agent) == .asPushed)
        }
    }

    @Test("who names types gets what was pushed if it is among them, else what can be made of it")
    func named() {
        #expect(Self.decision(.image(.ociManifest), [Self.docker]) == .derived(.docker))
        #expect(Self.decision(.image(.dockerManifest), [Self.oci]) == .derived(.oci))
        #expect(Self.decision(.image(.ociManifest), [Self.schema1]) == .derived(.schema1))
        #expect(Self.decision(.image(.ociManifest), [Self.schema1, Self.docker]) == .derived(.docker))
        #expect(Self.decision(.image(.ociManifest), [Self.docker, Self.oci]) == .asPushed)
        #expect(Self.decision(.image(.ociManifest), [Self.index]) == .notAcceptable)
        #expect(Self.decision(.image(.ociManifest), ["text/html"]) == .notAcceptable)
        #expect(Self.decision(.v1Image, [Self.oci]) == .derived(.oci))
        #expect(Self.decision(.v1Image, [Self.schema1]) == .derived(.schema1))
        #expect(Self.decision(.v1Image, ["text/html"]) == .notAcceptable)
        #expect(Self.decision(.index(.ociIndex), [Self.docker, Self.list]) == .platformImage)
        #expect(Self.decision(.index(.ociIndex), [Self.index]) == .asPushed)
        #expect(Self.decision(.artifact(.ociManifest), [Self.docker]) == .notAcceptable)
    }

    @Test("schema 1 is for those who take nothing newer")
    func schema1() {
        #expect(Self.decision(.schema1Manifest, Self.engine110) == .derived(.docker))
        #expect(Self.decision(.schema1Manifest, Self.today) == .derived(.docker))
        #expect(Self.decision(.schema1Manifest, [Self.oci, Self.index]) == .derived(.oci))
        #expect(Self.decision(.schema1Manifest, [Self.schema1]) == .asPushed)
        #expect(Self.decision(.schema1Manifest, ["\(MediaType.dockerSchema1)"]) == .asPushed)
        #expect(Self.decision(.schema1Manifest, [Self.index]) == .notAcceptable)
        for accepted in [Self.engine110, Self.today] {
            #expect(Self.decision(.v1Image, accepted) == .derived(.docker))
        }
        #expect(Self.decision(.image(.ociManifest), Self.engine110) == .derived(.docker))
        #expect(Self.decision(.index(.ociIndex), Self.engine110) == .platformImage)
    }

    @Test("what was pushed is still there for who takes it, when a conversion cannot be")
    func fallback() {
        func admits(_ tagged: Tagged, _ accepted: [String], _ agent: String? = nil) -> Bool {
            FaceChoice(AcceptField(accepted), by: ClientAgent(userAgent: agent)).admitsAsPushed(tagged)
        }
        #expect(admits(.schema1Manifest, Self.engine110))
        #expect(!admits(.schema1Manifest, [Self.docker]))
        #expect(!admits(.image(.dockerManifest), [], "docker/1.9.1 go/go1.4.2"))
        #expect(!admits(.v1Image, []))
    }
}

import ImageModel
import RegistryWire
import Testing

@Suite("What the index reads and writes")
struct IndexTests {
    let id = String(repeating: "a", count: 64)

    @Test("a token is read in every spelling that engines send back")
    func tokenSpellings() throws {
        let name = try #require(RepositoryName("foo"))
        let token = RepositoryToken(signature: "123abc", repository: name, access: .write)
        #expect(token.text == #"Token signature=123abc,repository="library/foo",access=write"#)
        for text in [
            token.text, "Token \(token.text)", "token \(token.text)", #"signature=123abc,repository="library/foo",access=write"#,
            "Token signature=123abc,repository=library/foo,access=write", #"Token signature:123abc, repository:"foo", access:write "#,
        ] {
            #expect(RepositoryToken(text) == token, "\(text)")
        }
    }

    @Test(
        "what is no token is none",
        arguments: [
            "", "Token", "Token ", "Basic Og==", "Token signature=1,access=read", #"Token signature=1,repository="../x",access=read"#,
            #"Token signature=1,repository="a",access=own"#,
        ])
    func noToken(text: String) {
        #expect(RepositoryToken(text) == nil)
    }

    @Test("a list of images is read with its sums and without its tags")
    func list() throws {
        let json = #"[{"id":"\#(id)","Tag":"latest"},{"checksum":"x","id":"\#(id)"},{"id":"\#(id)","checksum":null}]"#
        let image = try #require(ImageID(id))
        let list = try DeclaredImages(json: Array(json.utf8))
        #expect(list.elements.map(\.id) == [image, image, image])
        #expect(list.elements.map(\.checksum) == [nil, "x", nil])
        #expect(try DeclaredImages(json: Array("[]".utf8)).elements.isEmpty)
    }

    @Test("what is no list of images is refused")
    func noList() {
        for json in ["", "[", "nonsense"] { #expect(throws: DeclaredImages.Refusal.notJSON) { try DeclaredImages(json: Array(json.utf8)) } }
        for json in ["{}", "3", #"["x"]"#, "[{}]", #"[{"id":1}]"#, #"[{"id":"x"}]"#, #"[{"id":"\#(id)","checksum":1}]"#] {
            #expect(throws: DeclaredImages.Refusal.invalid) { try DeclaredImages(json: Array(json.utf8)) }
        }
    }

    @Test("the words of an engine's agent are kept, and a foreign agent has none")
    func agent() {
        let agent = EngineAgent("docker/1.0.0 go/go1.2.1 git-commit/63fe64c kernel/3.13.0 os/linux arch/amd64 docker/forged")
        #expect(agent.docker == "1.0.0")
        #expect(agent.go == "go1.2.1")
        #expect(agent.kernel == "3.13.0")
        #expect(agent.os == "linux")
        #expect(agent.arch == "amd64")
        #expect(EngineAgent("curl 7.0 (docker)").docker == nil)
        #expect(EngineAgent(nil).os == nil)
        #expect(EngineAgent("docker/\(String(repeating: "9", count: 129))").docker == nil)
    }
}

import Foundation
import ImageModel
import StorageTrees
import Testing

@Suite("Trees of docker-registry")
struct DockerRegistryTreeTests {
    private static let id = String(repeating: "a", count: 64)
    private static let other = String(repeating: "b", count: 64)

    private func lend(_ body: (Tree) throws -> Void) throws {
        try Tree.lend { tree in
            try tree.makeFolder("images")
            try tree.makeFolder("repositories")
            try body(tree)
        }
    }

    private func entries(_ tree: Tree) throws -> [DockerRegistryTree.Entry] {
        let opened = try DockerRegistryTree(path: tree.path)
        return try opened.namespaceFolders().flatMap { try opened.repositories(in: $0) }
    }

    private func repository(_ tree: Tree) throws -> DockerRegistryRepository {
        try DockerRegistryTree(path: tree.path).open(#require(try entries(tree).first))
    }

    @Test("a folder without images and repositories is none")
    func none() throws {
        try Tree.lend { tree in
            try tree.makeFolder("images")
            let error = #expect(throws: TreeRefusal.self) { try DockerRegistryTree(path: tree.path) }
            #expect(
                error?.description
                    == "\(tree.path) is no storage folder of docker-registry, which has the folders `images` and `repositories`")
        }
    }

    @Test("names of repositories are unquoted, the second part twice; those that nobody may have are none")
    func names() throws {
        try lend { tree in
            for folder in [
                "library/foo", "ns/b%252Fc", "ns/%252E%252E", "ns/Upper", "n%20s/x", "ns/a_b.c-d", "ns/a%2525b", "ns/caf%25C3%25A9",
            ] {
                try tree.makeFolder("repositories/\(folder)")
            }
            #expect(
                try entries(tree).map { "\($0.namespace)/\($0.folder) \($0.name?.text ?? "-")" } == [
                    "library/foo library/foo", "n%20s/x -", "ns/%252E%252E -", "ns/Upper -", "ns/a%2525b -", "ns/a_b.c-d ns/a_b.c-d",
                    "ns/b%252Fc ns/b/c", "ns/caf%25C3%25A9 -",
                ])
        }
    }

    @Test("a tag's file names an image; the metadata of the tag _x stand where the tag x_json would")
    func tags() throws {
        try lend { tree in
            let folder = "repositories/library/foo"
            try tree.write("\(folder)/tag_latest", "\(Self.id)\n", at: 1_400_000_000)
            try tree.write(
                "\(folder)/taglatest_json",
                #"{"last_update": 1403561287, "docker_version": "0.7.2", "docker_go_version": "go1.2", "arch": "amd64", "os": "linux", "kernel": "3.8"}"#
            )
            try tree.write("\(folder)/tag__x", Self.other, at: 1_400_000_001)
            try tree.write("\(folder)/tag_x_json", #"{"last_update": 5.0, "docker_version": null, "arch": 7}"#)
            try tree.write("\(folder)/tag_y_json", Self.other, at: 1_400_000_002)
            try tree.write("\(folder)/tag_empty", "")
            try tree.write("\(folder)/tag_bad%20name", Self.id)
            let repository = try repository(tree)
            var found: [String: DockerRegistryRepository.TagFile] = [:]
            for file in repository.tagFiles { found[file] = try repository.tag(file) }
            #expect(
                Set(found.keys) == ["tag_latest", "tag__x", "tag_x_json", "tag_y_json", "tag_empty", "tag_bad%20name"])
            #expect(found["tag_x_json"] == .metadata)
            #expect(found["tag_empty"] == .invalidContent)
            #expect(found["tag_bad%20name"] == .invalidName("bad%20name"))
            guard case .tag(let latest, let id, let metadata)? = found["tag_latest"] else { return #expect(Bool(false)) }
            #expect((latest.text, id.text, metadata.updatedAt) == ("latest", Self.id, 1_403_561_287))
            #expect(
                [metadata.dockerVersion, metadata.goVersion, metadata.architecture, metadata.operatingSystem, metadata.kernel] == [
                    "0.7.2", "go1.2", "amd64", "linux", "3.8",
                ])
            guard case .tag(let underscore, let target, let few)? = found["tag__x"] else { return #expect(Bool(false)) }
            #expect((underscore.text, target.text, few.updatedAt) == ("_x", Self.other, 5))
            #expect([few.dockerVersion, few.architecture] == [nil, nil])
            guard case .tag(let json, _, let none)? = found["tag_y_json"] else { return #expect(Bool(false)) }
            #expect((json.text, none.updatedAt) == ("y_json", 1_400_000_002))
        }
    }

    @Test("what a repository holds is declared, or else allowed by an index; each image once, and nothing that is no id")
    func lists() throws {
        try lend { tree in
            let folder = "repositories/library/foo"
            try tree.write("\(folder)/_images_list", #"["\#(Self.other)", "x"]"#)
            #expect(try repository(tree).listedImages().map(\.text) == [Self.other])
            #expect(try !repository(tree).isPrivate)
            try tree.write("\(folder)/_index_images", #"[{"id": "\#(Self.id)", "Tag": "latest"}, {"id": "\#(Self.id)", "checksum": "x"}]"#)
            try tree.write("\(folder)/_private", "")
            #expect(try repository(tree).listedImages().map(\.text) == [Self.id])
            #expect(try repository(tree).isPrivate)
        }
    }

    @Test("an image's sums are a list or, of old versions, a text; its ancestry may be absent or damaged")
    func image() throws {
        try lend { tree in
            let id = try #require(ImageID(Self.id))
            let folder = "images/\(Self.id)"
            #expect(throws: TreeError.missing) { try DockerRegistryTree(path: tree.path).image(id) }
            try tree.write("\(folder)/json", "{}")
            let image = try DockerRegistryTree(path: tree.path).image(id)
            #expect(try image.document(limit: 10) == Array("{}".utf8))
            #expect(try image.checksums() == [])
            #expect(try image.ancestry() == nil)
            #expect(!image.isInProgress)
            #expect(throws: TreeError.missing) { try image.layer() }
            for (text, sums) in [
                (#"["tarsum+sha256:aa", "sha256:bb"]"#, ["tarsum+sha256:aa", "sha256:bb"]), ("sha256:bb\n", ["sha256:bb"]),
                (#""sha256:bb""#, ["sha256:bb"]), ("nonsense", []), ("", []),
            ] {
                try tree.write("\(folder)/_checksum", text)
                #expect(try image.checksums() == sums)
            }
            try tree.write("\(folder)/ancestry", #"["\#(Self.id)", "\#(Self.other)"]"#)
            #expect(try image.ancestry()?.map(\.text) == [Self.id, Self.other])
            for text in ["", "{}", "[]", #"["x"]"#, "[[[[[[["] {
                try tree.write("\(folder)/ancestry", text)
                #expect(throws: TreeError.wrongKind) { try image.ancestry() }
            }
            try tree.write("\(folder)/_inprogress", "true")
            #expect(image.isInProgress)
            try tree.link("\(folder)/layer", to: "/etc/passwd")
            #expect(throws: TreeError.symbolicLink) { try image.layer() }
        }
    }
}

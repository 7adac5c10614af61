import ImageModel
import StorageTrees
import Testing

@Suite("Trees of distribution")
struct DistributionTreeTests {
    private static let hex = String(repeating: "a", count: 64)
    private static let other = String(repeating: "b", count: 64)
    private static let long = String(repeating: "c", count: 128)

    private func lend(_ prefix: String = "docker/registry/v2/", _ body: (Tree, String) throws -> Void) throws {
        try Tree.lend { tree in
            try tree.makeFolder("\(prefix)blobs")
            try tree.makeFolder("\(prefix)repositories")
            try body(tree, prefix)
        }
    }

    @Test("the tree may be named by its root or by any folder on the way")
    func roots() throws {
        try lend { tree, _ in
            for path in ["", "/docker", "/docker/registry", "/docker/registry/v2"] {
                _ = try DistributionTree(path: tree.path + path)
            }
            let error = #expect(throws: TreeRefusal.self) { try DistributionTree(path: "\(tree.path)/docker/registry/v2/blobs") }
            #expect(
                error?.description == "\(tree.path)/docker/registry/v2/blobs is no storage folder of distribution, which has "
                    + "`docker/registry/v2` with `blobs` and `repositories` in it")
        }
    }

    @Test("repositories stand at any depth, also below one another")
    func depth() throws {
        try lend { tree, prefix in
            for name in ["a/_manifests", "a/b/_manifests", "a/b/c/d/_manifests", "a/_uploads", "e/f"] {
                try tree.makeFolder("\(prefix)repositories/\(name)")
            }
            let opened = try DistributionTree(path: tree.path)
            let found = try [[], ["a"], ["a", "b"], ["a", "b", "c"], ["e", "f"]].map { try opened.look(at: $0) }
            #expect(found.map(\.folders) == [["a", "e"], ["b"], ["c"], ["d"], []])
            #expect(found.map(\.isRepository) == [false, true, true, false, false])
        }
    }

    @Test("links lead from tags and digests to blobs, which may be kept by another algorithm")
    func links() throws {
        try lend { tree, prefix in
            let folder = "\(prefix)repositories/a"
            try tree.write("\(folder)/_manifests/tags/1.0/current/link", "sha256:\(Self.hex)", at: 1_400_000_000)
            try tree.write("\(folder)/_manifests/tags/.bad/current/link", "nonsense")
            try tree.write("\(folder)/_manifests/revisions/sha256/\(Self.hex)/link", "sha256:\(Self.hex)\n")
            try tree.write("\(folder)/_manifests/revisions/sha512/\(Self.long)/link", "sha256:\(Self.other)")
            try tree.write("\(folder)/_manifests/revisions/sha256/short/link", "sha256:\(Self.hex)")
            try tree.write(
                "\(folder)/_manifests/revisions/sha256/\(Self.hex)/signatures/sha256/\(Self.other)/link", "sha256:\(Self.other)")
            try tree.write("\(folder)/_layers/sha256/\(Self.other)/link", "sha256:\(Self.other)")
            try tree.write("\(prefix)blobs/sha256/bb/\(Self.other)/data", "bytes")
            let opened = try DistributionTree(path: tree.path)
            let repository = try opened.repository(at: ["a"])
            let (hex, other, long) = (
                try #require(Digest("sha256:\(Self.hex)")), try #require(Digest("sha256:\(Self.other)")),
                try #require(Digest("sha512:\(Self.long)"))
            )
            #expect(try repository.manifests() == ([hex, long], ["sha256:short"]))
            #expect(try repository.tagNames() == [".bad", "1.0"])
            #expect(try repository.tag("1.0") == (hex, 1_400_000_000))
            #expect(throws: TreeError.wrongKind) { try repository.tag(".bad") }
            #expect(throws: TreeError.missing) { try repository.tag("..") }
            #expect(try repository.manifest(hex) == hex)
            #expect(try repository.manifest(long) == other)
            #expect(throws: TreeError.missing) { try repository.manifest(other) }
            #expect(try repository.signatures(of: hex) == [other])
            #expect(try repository.signatures(of: long) == [])
            #expect(try repository.blob(other) == other)
            #expect(throws: TreeError.missing) { try repository.blob(hex) }
            #expect(try opened.blob(other).size == 5)
            #expect(throws: TreeError.missing) { try opened.blob(hex) }
        }
    }
}

private func == (left: (digests: [Digest], invalid: [String]), right: ([Digest], [String])) -> Bool {
    left.digests == right.0 && left.invalid == right.1
}

private func == (left: (target: Digest, updatedAt: Int64), right: (Digest, Int64)) -> Bool {
    left.target == right.0 && left.updatedAt == right.1
}

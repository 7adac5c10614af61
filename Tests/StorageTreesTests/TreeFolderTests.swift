import Foundation
import StorageTrees
import Testing

@Suite("Folders of foreign trees")
struct TreeFolderTests {
    @Test("files are read by the names on the way, and names are sorted")
    func reading() throws {
        try Tree.lend { tree in
            try tree.write("a/b", "text", at: 1_400_000_000)
            try tree.write("a/A", "")
            let root = try TreeFolder(path: tree.path)
            #expect(try root.folder("a").names() == ["A", "b"])
            let file = try root.file("a", "b")
            #expect(try String(decoding: file.contents(limit: 4), as: UTF8.self) == "text")
            #expect((file.size, file.modifiedAt) == (4, 1_400_000_000))
            #expect(throws: TreeError.tooLarge(limit: 3)) { try file.contents(limit: 3) }
            #expect(root.has("a"))
            #expect(!root.has("b"))
        }
    }

    @Test("what is not there, and what is something else, is told apart")
    func missing() throws {
        try Tree.lend { tree in
            try tree.write("file", "")
            try tree.makeFolder("folder")
            #expect(mkfifo("\(tree.path)/pipe", 0o600) == 0)
            let root = try TreeFolder(path: tree.path)
            #expect(throws: TreeError.missing) { try root.file("other") }
            #expect(throws: TreeError.missing) { try root.file("other", "file") }
            #expect(throws: TreeError.missing) { try root.file(String(repeating: "a", count: 300)) }
            #expect(throws: TreeError.wrongKind) { try root.file("folder") }
            #expect(throws: TreeError.wrongKind) { try root.file("pipe") }
            #expect(throws: TreeError.wrongKind) { try root.folder("file") }
            #expect(throws: TreeError.wrongKind) { try root.file("file", "below") }
            #expect(throws: TreeError.missing) { try TreeFolder(path: "\(tree.path)/other") }
        }
    }

    @Test("no symbolic link is followed, wherever it leads, and no name leads up")
    func links() throws {
        try Tree.lend { tree in
            try tree.write("inside/file", "")
            try tree.link("file", to: "/etc/passwd")
            try tree.link("near", to: "inside")
            let root = try TreeFolder(path: tree.path)
            #expect(throws: TreeError.symbolicLink) { try root.file("file") }
            #expect(throws: TreeError.symbolicLink) { try root.folder("near") }
            #expect(throws: TreeError.symbolicLink) { try root.file("near", "file") }
            for name in ["..", ".", "", "inside/file", "a\0b"] {
                #expect(throws: TreeError.missing) { try root.file(name) }
                #expect(throws: TreeError.missing) { try root.folder(name) }
                #expect(!root.has(name))
            }
            // Whoever runs the import names the root.
            #expect(try TreeFolder(path: "\(tree.path)/near").names() == ["file"])
        }
    }
}

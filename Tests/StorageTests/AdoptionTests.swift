import Foundation
import NIOCore
import NIOPosix
import RegistryTesting
import Storage
import StorageFile
import Testing

@Suite("Files that become objects without being copied")
struct AdoptionTests {
    private func lend(_ body: (FileStore, String) async throws -> Void) async throws {
        try await TemporaryFolder.lend { folder in
            try await body(try FileStore(root: "\(folder)/objects", threads: .singleton), "\(folder)/file")
        }
    }

    private func adopt(_ path: String, _ store: FileStore, _ key: ObjectKey, by adoption: FileStore.Adoption) async throws -> Bool {
        let file = OpenFile(descriptor: open(path, O_RDONLY))
        var status = stat()
        #expect(fstat(file.descriptor, &status) == 0)
        return try await store.adopt(file.descriptor, size: Int64(status.st_size), as: key, by: adoption)
    }

    private func inode(_ path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    private func text(_ store: FileStore, _ key: ObjectKey) async throws -> String? {
        guard let object = try await store.open(key) else { return nil }
        var text = ""
        for try await piece in object.bytes(in: 0..<object.size) { text += String(buffer: piece) }
        return text
    }

    @Test("a hard link is one file with two names; an object of that size that is there is kept")
    func hard() async throws {
        try await lend { store, path in
            let key = try #require(ObjectKey("blobs", "a", "b"))
            try Data("bytes".utf8).write(to: URL(filePath: path))
            #expect(try await adopt(path, store, key, by: .hard))
            #expect(inode(path) == inode(NSString(string: path).deletingLastPathComponent + "/objects/blobs/a/b"))
            #expect(try await text(store, key) == "bytes")
            try Data("other".utf8).write(to: URL(filePath: path), options: .atomic)
            #expect(try await adopt(path, store, key, by: .hard))
            #expect(try await text(store, key) == "bytes")
            // One of another size is nothing that a link may replace: it is left to a copy.
            try Data("longer bytes".utf8).write(to: URL(filePath: path), options: .atomic)
            #expect(try await !adopt(path, store, key, by: .hard))
            #expect(try await text(store, key) == "bytes")
        }
    }

    @Test("a name that was exchanged meanwhile changes nothing: the open file is linked")
    func exchanged() async throws {
        try await lend { store, path in
            let key = try #require(ObjectKey("blobs", "a", "b"))
            try Data("bytes".utf8).write(to: URL(filePath: path))
            let file = OpenFile(descriptor: open(path, O_RDONLY))
            #expect(symlink("/etc/passwd", path + ".new") == 0)
            #expect(rename(path, path + ".old") == 0)
            #expect(rename(path + ".new", path) == 0)
            #expect(try await store.adopt(file.descriptor, size: 5, as: key, by: .hard))
            #expect(try await text(store, key) == "bytes")
        }
    }

    @Test("sharing bytes works or says that it cannot be, and leaves nothing behind")
    func reflink() async throws {
        try await lend { store, path in
            let key = try #require(ObjectKey("blobs", "a", "b"))
            try Data("bytes".utf8).write(to: URL(filePath: path))
            let isTaken = try await adopt(path, store, key, by: .reflink)
            #expect(try await text(store, key) == (isTaken ? "bytes" : nil))
            #expect(inode(path) != inode(NSString(string: path).deletingLastPathComponent + "/objects/blobs/a/b"))
            #expect(try await store.removeOrphans() == 0)
        }
    }

    @Test("a file of another file system cannot be linked")
    func elsewhere() async throws {
        try await lend { store, _ in
            let key = try #require(ObjectKey("blobs", "a", "b"))
            #expect(try await !adopt("/proc/version", store, key, by: .hard))
            #expect(try await !adopt("/proc/version", store, key, by: .reflink))
            #expect(try await text(store, key) == nil)
        }
    }
}

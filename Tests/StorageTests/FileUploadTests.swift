import NIOCore
import NIOPosix
import RegistryTesting
import Storage
import StorageFile
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Two stores over one folder behave as two processes do: they share nothing but the files.
@Suite("Uploads of the file driver")
struct FileUploadTests {
    private static let upload = ObjectKey("uploads", "u")
    private static let object = ObjectKey("blobs", "sha256", "ab", "abcd")

    private struct Stores {
        let folder: String
        let one: FileStore
        let other: FileStore
        let upload: ObjectKey
        let object: ObjectKey

        static func lend(_ body: (Stores) async throws -> Void) async throws {
            try await TemporaryFolder.lend { folder in
                try await body(
                    Stores(
                        folder: folder, one: try FileStore(root: folder, threads: .singleton),
                        other: try FileStore(root: folder, threads: .singleton), upload: try #require(FileUploadTests.upload),
                        object: try #require(FileUploadTests.object)))
            }
        }

        func text(of key: ObjectKey) throws -> String {
            let descriptor = open("\(folder)/\(key)", O_RDONLY)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 1000)
            let count = read(descriptor, &bytes, bytes.count)
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        }

        /// Gives the file a time long ago.
        func age(_ key: ObjectKey) {
            utimensat(AT_FDCWD, "\(folder)/\(key)", [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)], 0)
        }

        func modifiedAt(_ key: ObjectKey) async throws -> Int64? {
            for try await object in one.objects(under: nil) where object.key == key { return object.modifiedAt }
            return nil
        }
    }

    @Test("another process goes on with an upload whose writer was killed, and cuts off what it does not know of")
    func killed() async throws {
        try await Stores.lend { stores in
            _ = try await stores.one.append(to: stores.upload, at: 0) { try await $0.write([ByteBuffer(string: "known, ")]) }
            // What a killed writer leaves: bytes beyond those that were acknowledged, and a lock that went with it.
            let descriptor = open("\(stores.folder)/\(stores.upload)", O_WRONLY | O_APPEND)
            write(descriptor, "unknown", 7)
            close(descriptor)
            #expect(try stores.text(of: stores.upload) == "known, unknown")
            let outcome = try await stores.other.append(to: stores.upload, at: 7) { try await $0.write([ByteBuffer(string: "new")]) }
            #expect(outcome.length == 10)
            try await stores.one.finish(stores.upload, length: 10, as: stores.object)
            #expect(try stores.text(of: stores.object) == "known, new")
            #expect(try TemporaryFolder.files(in: stores.folder) == ["blobs/sha256/ab/abcd"])
        }
    }

    @Test("another process is told that the upload is busy, and its bytes are not touched")
    func busy() async throws {
        try await Stores.lend { stores in
            _ = try await stores.one.append(to: stores.upload, at: 0) { writer in
                try await writer.write([ByteBuffer(string: "mine")])
                await #expect(throws: StoreError.busy) {
                    try await stores.other.append(to: stores.upload, at: 0) { try await $0.write([ByteBuffer(string: "theirs")]) }
                }
                await #expect(throws: StoreError.busy) { try await stores.other.finish(stores.upload, length: 0, as: stores.object) }
                #expect(try stores.text(of: stores.upload) == "mine")
            }
            #expect(try await stores.other.append(to: stores.upload, at: 4) { _ in }.length == 4)
        }
    }

    @Test("what was written before a cancellation is kept and counted")
    func cancelled() async throws {
        try await Stores.lend { stores in
            let outcome = try await withThrowingTaskGroup(of: AppendOutcome.self) { group in
                group.addTask {
                    try await stores.one.append(to: stores.upload, at: 0) { writer in
                        try await writer.write([ByteBuffer(string: "before")])
                        withUnsafeCurrentTask { $0?.cancel() }
                        try await writer.write([ByteBuffer(string: "after")])
                    }
                }
                return try #require(try await group.next())
            }
            #expect(outcome.length == 6)
            #expect(outcome.failure is CancellationError)
            #expect(try stores.text(of: stores.upload) == "before")
        }
    }

    @Test("a cancelled write leaves no file behind")
    func cancelledWrite() async throws {
        try await Stores.lend { stores in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await stores.one.write { writer in
                            try await writer.write([ByteBuffer(string: "before")])
                            withUnsafeCurrentTask { $0?.cancel() }
                            return stores.object
                        }
                    }
                }
            }
            let files = try TemporaryFolder.files(in: stores.folder)
            #expect(files == [])
        }
    }

    @Test("an object's age counts from its finish, and begins anew when the same bytes are pushed again")
    func age() async throws {
        try await Stores.lend { stores in
            let start = Int64(time(nil))
            _ = try await stores.one.append(to: stores.upload, at: 0) { try await $0.write([ByteBuffer(string: "old")]) }
            stores.age(stores.upload)
            #expect(try await stores.modifiedAt(stores.upload) == 1000)
            try await stores.one.finish(stores.upload, length: 3, as: stores.object)
            #expect(try #require(try await stores.modifiedAt(stores.object)) >= start)
            stores.age(stores.object)
            try await stores.other.write { writer in
                try await writer.write([ByteBuffer(string: "old")])
                return stores.object
            }
            #expect(try #require(try await stores.modifiedAt(stores.object)) >= start)
            stores.age(stores.object)
            _ = try await stores.one.append(to: stores.upload, at: 0) { try await $0.write([ByteBuffer(string: "old")]) }
            try await stores.one.finish(stores.upload, length: 3, as: stores.object)
            #expect(try #require(try await stores.modifiedAt(stores.object)) >= start)
        }
    }

    @Test("the listing passes over staged files and names that no key has")
    func listing() async throws {
        try await Stores.lend { stores in
            for name in [".staged/1-2", "UPPER", "lost+found"] { close(open("\(stores.folder)/\(name)", O_CREAT | O_WRONLY, 0o600)) }
            symlink("/etc/passwd", "\(stores.folder)/link")
            _ = try await stores.one.append(to: stores.upload, at: 0) { _ in }
            var keys: [String] = []
            for try await object in stores.one.objects(under: nil) { keys.append(object.key.description) }
            #expect(keys == ["uploads/u"])
        }
    }
}

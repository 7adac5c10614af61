import NIOCore
import NIOPosix
import RegistryTesting
import Storage
import StorageFile
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Object stores keep the contract")
struct ObjectStoreTests {
    @Test("in memory", arguments: ObjectStoreContract.all.map(\.name))
    func memory(clause: String) async throws {
        try await #require(ObjectStoreContract.all.first { $0.name == clause }).check(MemoryStore())
    }

    @Test("in files", arguments: ObjectStoreContract.all.map(\.name))
    func files(clause: String) async throws {
        try await TemporaryFolder.lend { folder in
            let store = try FileStore(root: folder, threads: .singleton)
            try await #require(ObjectStoreContract.all.first { $0.name == clause }).check(store)
        }
    }

    @Test("keys cannot leave the store", arguments: ["", ".", "..", "a/b", "A", "a b", "ä", "a\0"])
    func keys(component: String) {
        #expect(ObjectKey("a", component) == nil)
    }
}

@Suite("The file driver")
struct FileStoreTests {
    @Test("a failed write leaves no file behind")
    func noLeftovers() async throws {
        struct Failure: Error {}
        try await TemporaryFolder.lend { folder in
            let store = try FileStore(root: folder, threads: .singleton)
            await #expect(throws: Failure.self) {
                try await store.write { writer in
                    try await writer.write([ByteBuffer(string: "half")])
                    throw Failure()
                }
            }
            #expect(try TemporaryFolder.files(in: folder) == [])
        }
    }

    @Test("what a killed process left is removed, what a living one writes is not")
    func orphans() async throws {
        try await TemporaryFolder.lend { folder in
            let store = try FileStore(root: folder, threads: .singleton)
            let orphan = "\(folder)/.staged/123-456"
            close(open(orphan, O_CREAT | O_WRONLY, 0o600))
            try await store.write { writer in
                try await writer.write([ByteBuffer(string: "alive")])
                #expect(try await store.removeOrphans() == 1)
                return try #require(ObjectKey("alive"))
            }
            #expect(try TemporaryFolder.files(in: folder) == ["alive"])
        }
    }

    @Test("a folder that cannot be made is an error that says so")
    func noFolder() throws {
        #expect(throws: StoreError.system(operation: "mkdir", code: ENOTDIR)) {
            try FileStore(root: "/dev/null/store", threads: .singleton)
        }
    }
}

import NIOPosix
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The objects below a folder, read folder by folder as the reader asks for them: no more than one folder's names are held at a time.
struct FileListing: AsyncSequence, Sendable {
    typealias Element = ListedObject
    typealias Failure = any Error

    let root: String
    /// nil: all of the store.
    let folder: ObjectKey?
    let threads: NIOThreadPool

    func makeAsyncIterator() -> Iterator { Iterator(root: root, threads: threads, folders: [folder?.components ?? []]) }

    struct Iterator: AsyncIteratorProtocol {
        let root: String
        let threads: NIOThreadPool
        /// Folders that are still to be read.
        var folders: [[String]]
        /// What the last one held.
        var found: [ListedObject] = []

        mutating func next() async throws -> ListedObject? {
            while found.isEmpty {
                guard let folder = folders.popLast() else { return nil }
                let root = self.root
                let contents = try await threads.runIfActive { try FolderContents(of: folder, in: root) }
                found = contents.objects
                folders += contents.folders
            }
            return found.removeLast()
        }
    }
}

/// What one folder of a store holds, without the folder for what is being written.
private struct FolderContents: Sendable {
    var objects: [ListedObject] = []
    var folders: [[String]] = []

    /// Reads the folder; one that is gone is empty. Names that no key has are passed over.
    init(of folder: [String], in root: String) throws(StoreError) {
        let path = ([root] + folder).joined(separator: "/")
        let names: [String]
        do { names = try Folder.names(in: path) } catch .system("opendir", ENOENT), .system("opendir", ENOTDIR) { return }
        for name in names where !folder.isEmpty || name != FileStore.stagingName {
            guard let key = ObjectKey(components: folder + [name]) else { continue }
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0 else {
                if errno == ENOENT { continue }
                throw .last("lstat")
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: folders.append(key.components)
            case S_IFREG:
                objects.append(ListedObject(key: key, size: Int64(status.st_size), modifiedAt: Int64(status.st_mtim.tv_sec)))
            default: continue
            }
        }
    }
}

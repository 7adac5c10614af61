import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Folders of the file system, made and flushed one by one.
enum Folder {
    /// Makes `path` and every folder above it that is missing.
    static func make(_ path: String) throws(StoreError) {
        if try !makeOne(path, missingParent: true) { return }
        var parent = path[...]
        while let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
            parent = parent[..<slash]
            try flush(String(parent))
            break
        }
    }

    /// Makes the folder, and says whether it had been missing.
    ///
    /// - Parameter missingParent: whether to make the folders above it as well.
    @discardableResult
    static func makeOne(_ path: String, missingParent: Bool = false) throws(StoreError) -> Bool {
        if mkdir(path, 0o750) == 0 {
            handOver(path)
            return true
        }
        if errno == EEXIST { return false }
        guard missingParent, errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw .last("mkdir") }
        try make(String(path[..<slash]))
        return try makeOne(path)
    }

    /// Makes those of `folders`, each of which lies in the one before, that are missing, all but the first, and makes them durable.
    static func make(each folders: [String]) throws(StoreError) {
        for (parent, folder) in zip(folders, folders.dropFirst()) where try makeOne(folder) {
            try flush(parent)
        }
    }

    /// What root makes in somebody's folder is theirs: a command may be run by root, and the server by another user.
    private static func handOver(_ path: String) {
        guard geteuid() == 0 else { return }
        let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        guard stat(parent, &status) == 0, status.st_uid != 0 else { return }
        _ = chown(path, status.st_uid, status.st_gid)
    }

    /// Makes the folder's entries durable.
    static func flush(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open") }
        let folder = OpenFile(descriptor: descriptor)
        guard fsync(folder.descriptor) == 0 else { throw .last("fsync") }
    }

    static func names(in path: String) throws(StoreError) -> [String] {
        guard let stream = opendir(path) else { throw .last("opendir") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

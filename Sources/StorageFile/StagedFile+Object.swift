import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that become an object or nothing while one call lasts.
extension StagedFile {
    /// Makes the file in `folder`, under a name of its own, and locks it.
    convenience init(in folder: String) throws(StoreError) {
        while true {
            let path = "\(folder)/\(UInt64.random(in: .min ... .max))"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else { throw .last("open") }
            let file = OpenFile(descriptor: descriptor)
            var status = stat()
            // Between making and locking, a process that looks for orphans may have taken the file for one: then another is made.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink == 1 else { continue }
            self.init(path: path, file: file, length: 0)
            return
        }
    }

    static func removeOrphans(in folder: String) throws(StoreError) -> Int {
        var removed = 0
        for name in try Folder.names(in: folder) {
            let path = "\(folder)/\(name)"
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            let file = OpenFile(descriptor: descriptor)
            if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0, unlink(path) == 0 { removed += 1 }
        }
        return removed
    }
}

import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that grow from call to call.
extension StagedFile {
    /// Opens and locks the upload's file, of which `length` bytes were acknowledged. What lies beyond them is written over or cut off, but only
    /// once there is something to write: until then the caller may find that more was acknowledged meanwhile.
    ///
    /// One of which nothing was acknowledged is made when it is missing. Its entry in its folder is made durable in any case, for whoever made
    /// it may have been killed before that.
    ///
    /// - Parameter folders: the folders on the way, outermost first.
    /// - Throws: ``StoreError/busy`` while somebody else holds the lock; ``StoreError/tooShort(length:)``.
    convenience init(uploadAt path: String, folders: [String], length: Int64) throws(StoreError) {
        if length == 0 { try Folder.make(each: folders) }
        let file = try Self.lockedFile(at: path, making: length == 0)
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { throw .last("fstat") }
        let size = Int64(status.st_size)
        guard size >= length else { throw .tooShort(length: size) }
        if length == 0, let folder = folders.last { try Folder.flush(folder) }
        self.init(path: path, file: file, length: length)
    }

    private static func lockedFile(at path: String, making: Bool) throws(StoreError) -> OpenFile {
        while true {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC | (making ? O_CREAT : 0), 0o640)
            guard descriptor >= 0 else { throw errno == ENOENT && !making ? .tooShort(length: 0) : .last("open") }
            let file = OpenFile(descriptor: descriptor)
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                switch errno {
                case EWOULDBLOCK: throw .busy
                case EINTR: continue
                default: throw .last("flock")
                }
            }
            // Between opening and locking, the upload may have been finished, so that this is an object by now, or removed: then the path
            // is looked at again.
            if try isStill(file, at: path) { return file }
        }
    }

    private static func isStill(_ file: OpenFile, at path: String) throws(StoreError) -> Bool {
        var opened = stat()
        var named = stat()
        guard fstat(file.descriptor, &opened) == 0 else { throw .last("fstat") }
        if stat(path, &named) != 0 {
            if errno == ENOENT { return false }
            throw .last("stat")
        }
        return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
    }
}

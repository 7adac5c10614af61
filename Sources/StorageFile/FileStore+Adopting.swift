import NIOPosix
public import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What only a store of files can do: take over a file that is there already.
extension FileStore {
    /// How a file becomes an object without its bytes being copied.
    public enum Adoption: Sendable {
        /// One file with two names. Whoever writes into it changes the object, so it has to be one that nobody writes to any more.
        case hard
        /// Two files that share their bytes until one of them is changed; not every file system can do that (Btrfs, XFS and bcachefs can).
        case reflink
    }

    /// Makes the bytes of an open file appear as `key`, durably, without copying them; they were compared with the key by whoever asks.
    ///
    /// An object of this size that is there already is kept. The file needs a name in the same file system and, for a hard link, has to be
    /// readable by whoever the data folder belongs to.
    ///
    /// - Parameters:
    ///   - descriptor: of a regular file; it stays open.
    ///   - size: bytes of the file.
    /// - Returns: false when it cannot be: nothing has changed then.
    public func adopt(_ descriptor: CInt, size: Int64, as key: ObjectKey, by adoption: Adoption) async throws -> Bool {
        let (destination, folders, root, staging) = (path(of: key), folders(of: key), root, "\(root)/\(Self.stagingName)")
        return try await threads.runToEnd {
            switch adoption {
            case .hard: try Self.link(descriptor, size: size, to: destination, folders: folders, root: root)
            case .reflink: try Self.clone(descriptor, size: size, to: destination, folders: folders, staging: staging)
            }
        }
    }

    private static func clone(
        _ descriptor: CInt, size: Int64, to destination: String, folders: [String], staging: String
    ) throws(StoreError) -> Bool {
        let file = try StagedFile(in: staging)
        do {
            guard try file.clone(descriptor, size: size) else {
                file.discard()
                return false
            }
            try file.appear(at: destination, folders: folders)
            return true
        } catch {
            file.discard()
            throw error
        }
    }

    private static func link(
        _ descriptor: CInt, size: Int64, to destination: String, folders: [String], root: String
    ) throws(StoreError) -> Bool {
        if try StagedFile.keep(destination, length: size, folders: folders) { return true }
        guard try isReadable(descriptor, forOwnerOf: root) else { return false }
        // Nobody may have waited for the file to reach the disk.
        guard fsync(descriptor) == 0 else {
            // What cannot be flushed is no file of a disk.
            if errno == EINVAL || errno == EROFS { return false }
            throw .last("fsync")
        }
        try Folder.make(each: folders)
        // By its descriptor, so that it is the very file that was compared, whatever its name stands for by now.
        guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, destination, AT_SYMLINK_FOLLOW) == 0 else {
            switch errno {
            case EEXIST, ENOENT, EXDEV, EPERM, EACCES, EMLINK, EOPNOTSUPP, ENOSYS: return false
            default: throw .last("link")
            }
        }
        if let folder = folders.last { try Folder.flush(folder) }
        return true
    }

    /// Root links what it likes, but the server may be another user.
    private static func isReadable(_ descriptor: CInt, forOwnerOf root: String) throws(StoreError) -> Bool {
        guard geteuid() == 0 else { return true }
        var file = stat()
        var folder = stat()
        guard fstat(descriptor, &file) == 0, stat(root, &folder) == 0 else { throw .last("stat") }
        let needed =
            folder.st_uid == 0 ? 0 : file.st_uid == folder.st_uid ? S_IRUSR : file.st_gid == folder.st_gid ? S_IRGRP : S_IROTH
        return file.st_mode & needed == needed
    }
}

import CLinux
import NIOConcurrencyHelpers
import NIOCore
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written, locked by its writer, and has not appeared under an object's key yet. All calls block.
final class StagedFile: Sendable {
    /// How much is written before the kernel is asked to start writing it back, so that the flush at the end has little left to do.
    private static let writebackInterval: Int64 = 8 << 20
    private let path: String
    private let file: OpenFile
    /// How many bytes it held before anything was appended.
    private let start: Int64
    private let length: NIOLockedValueBox<Int64>

    /// - Parameters:
    ///   - file: open for writing, and locked.
    ///   - length: how many bytes it holds.
    init(path: String, file: OpenFile, length: Int64) {
        self.path = path
        self.file = file
        start = length
        self.length = NIOLockedValueBox(length)
    }

    func append(_ bytes: ByteBuffer) throws(StoreError) {
        let before = length.withLockedValue(\.self)
        var after = before
        // What was written counts, also when the rest finds no room.
        defer { length.withLockedValue { $0 = after } }
        while after - before < bytes.readableBytes {
            let written = Int(after - before)
            let count = bytes.withUnsafeReadableBytes { pointer in
                pwrite(file.descriptor, pointer.baseAddress.map { $0 + written }, pointer.count - written, off_t(after))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("write")
            }
            after += Int64(count)
        }
        if before / Self.writebackInterval != after / Self.writebackInterval {
            startWriteback(upTo: after)
        }
    }

    /// Lets the file, to which nothing was appended yet, share the bytes of another one. False where the file system cannot do that.
    func clone(_ source: CInt, size: Int64) throws(StoreError) -> Bool {
        guard wharf_clone(file.descriptor, source) == 0 else {
            switch errno {
            case EOPNOTSUPP, ENOTTY, EXDEV, EINVAL, EPERM, EACCES, EBADF, ETXTBSY, ENOSYS: return false
            default: throw .last("clone")
            }
        }
        length.withLockedValue { $0 = size }
        return true
    }

    /// Makes the bytes durable and returns how many they are, or nil when the file has been removed meanwhile.
    func flush() throws(StoreError) -> Int64? {
        if length.withLockedValue(\.self) > start { try cutOff() }
        guard fsync(file.descriptor) == 0 else { throw .last("fsync") }
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { throw .last("fstat") }
        return status.st_nlink > 0 ? length.withLockedValue(\.self) : nil
    }

    /// Flushes the bytes, gives them their name, and flushes every folder in `folders`, outermost first, making those that are missing.
    ///
    /// An object of this size that is there already is kept: replacing 256 MiB by the same 256 MiB costs a flush and the freeing of the old
    /// ones.
    func appear(at destination: String, folders: [String]) throws(StoreError) {
        if try Self.keep(destination, length: length.withLockedValue(\.self), folders: folders) {
            discard()
            return
        }
        try cutOff()
        // An object's age counts from its appearance, however long its upload rested.
        guard futimens(file.descriptor, nil) == 0 else { throw .last("futimens") }
        guard fsync(file.descriptor) == 0 else { throw .last("fsync") }
        try Folder.make(each: folders)
        guard rename(path, destination) == 0 else { throw .last("rename") }
        if let folder = folders.last { try Folder.flush(folder) }
    }

    /// Keeps the object that is there already, as if it had just been written. Whether there is one of this length.
    static func keep(_ destination: String, length: Int64, folders: [String]) throws(StoreError) -> Bool {
        var status = stat()
        guard stat(destination, &status) == 0, Int64(status.st_size) == length else { return false }
        guard utimensat(AT_FDCWD, destination, nil, 0) == 0 else {
            // It was removed between the two calls; or it is a hard link to somebody else's file (`FileStore.adopt`), and the new bytes take
            // its place.
            if errno == ENOENT || errno == EPERM || errno == EACCES { return false }
            throw .last("utimensat")
        }
        // Whoever made it appear may not have flushed the folder yet.
        if let folder = folders.last { try Folder.flush(folder) }
        return true
    }

    /// Cuts off what an append that nobody learnt the end of has left behind the bytes of this one.
    private func cutOff() throws(StoreError) {
        guard ftruncate(file.descriptor, off_t(length.withLockedValue(\.self))) == 0 else { throw .last("ftruncate") }
    }

    /// Cuts off all that was appended.
    func giveBack() throws(StoreError) {
        length.withLockedValue { $0 = start }
        try cutOff()
    }

    func discard() { unlink(path) }

    /// Lets the next writer in at once, rather than when the last holder of the file lets go.
    func unlock() { flock(file.descriptor, LOCK_UN) }

    private func startWriteback(upTo end: Int64) {
        // Advice only: a failure shows in the fsync that follows.
        _ = wharf_start_writeback(file.descriptor, end)
    }
}

import CLinux
import NIOConcurrencyHelpers
import NIOCore
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written and has not appeared under its key yet. All calls block.
final class StagedFile: Sendable {
    /// How much is written before the kernel is asked to start writing it back, so that the flush at the end has little left to do.
    private static let writebackInterval: Int64 = 8 << 20
    private let path: String
    private let file: OpenFile
    private let length = NIOLockedValueBox<Int64>(0)

    /// Makes the file in `folder`, under a name of its own, and locks it.
    init(in folder: String) throws(StoreError) {
        while true {
            let path = "\(folder)/\(UInt64.random(in: .min ... .max))"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else { throw .last("open") }
            let file = OpenFile(descriptor: descriptor)
            var status = stat()
            // Between making and locking, a process that looks for orphans may have taken the file for one: then another is made.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink == 1 else { continue }
            self.path = path
            self.file = file
            return
        }
    }

    func append(_ bytes: ByteBuffer) throws(StoreError) {
        let before = length.withLockedValue(\.self)
        var written = 0
        while written < bytes.readableBytes {
            let count = bytes.withUnsafeReadableBytes { pointer in
                Glibc.write(file.descriptor, pointer.baseAddress.map { $0 + written }, pointer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("write")
            }
            written += count
        }
        let after = before + Int64(written)
        length.withLockedValue { $0 = after }
        if before / Self.writebackInterval != after / Self.writebackInterval {
            startWriteback(upTo: after)
        }
    }

    /// Flushes the bytes, gives them their name, and flushes every folder in `folders`, outermost first, making those that are missing.
    ///
    /// An object of this size that is there already is kept: replacing 256 MiB by the same 256 MiB costs a flush and the freeing of the old ones.
    func appear(at destination: String, folders: [String]) throws(StoreError) {
        if isThere(destination) {
            discard()
            // Whoever made it appear may not have flushed the folder yet.
            if let folder = folders.last { try Folder.flush(folder) }
            return
        }
        guard fsync(file.descriptor) == 0 else { throw .last("fsync") }
        for (parent, folder) in zip(folders, folders.dropFirst()) where try Folder.makeOne(folder) {
            try Folder.flush(parent)
        }
        guard rename(path, destination) == 0 else { throw .last("rename") }
        if let folder = folders.last { try Folder.flush(folder) }
    }

    func discard() { unlink(path) }

    private func isThere(_ destination: String) -> Bool {
        var status = stat()
        return stat(destination, &status) == 0 && Int64(status.st_size) == length.withLockedValue(\.self)
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

    private func startWriteback(upTo end: Int64) {
        // Advice only: a failure shows in the fsync that follows.
        _ = wharf_start_writeback(file.descriptor, end)
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file of a foreign tree, held open. All calls block.
public final class TreeFile: Sendable {
    public let descriptor: CInt
    /// Bytes, when it was opened.
    public let size: Int64
    /// When it was last written, in seconds since 1970.
    public let modifiedAt: Int64

    /// Takes ownership of `descriptor`.
    ///
    /// - Throws: when it is no regular file.
    init(descriptor: CInt) throws(TreeError) {
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        self.descriptor = descriptor
        size = Int64(status.st_size)
        #if canImport(Darwin)
            modifiedAt = Int64(status.st_mtimespec.tv_sec)
        #else
            modifiedAt = Int64(status.st_mtim.tv_sec)
        #endif
        guard isKnown else { throw .last() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .wrongKind }
    }

    deinit { close(descriptor) }

    /// The whole file.
    ///
    /// - Throws: ``TreeError/tooLarge(limit:)`` without reading it.
    public func contents(limit: Int) throws(TreeError) -> [UInt8] {
        guard size <= limit else { throw .tooLarge(limit: limit) }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        var count = 0
        while count < bytes.count {
            let start = count
            let result = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(TreeError) in
                    try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]), at: Int64(start))
                }
            }
            let length = try result.get()
            guard length > 0 else { throw .changed }
            count += length
        }
        return bytes
    }

    /// Reads some of what stands at `offset`; 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(TreeError) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw .last() }
        }
    }
}

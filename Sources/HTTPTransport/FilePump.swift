import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file on its way out, piece by piece, on the connection's event loop.
final class FilePump {
    /// One write's worth: small enough for a stall to be seen within it, large enough to cost nothing.
    static let piece: Int64 = 8 << 20
    /// One read's worth where the kernel cannot copy by itself.
    static let chunk: Int64 = 256 << 10

    let file: FileBody
    private(set) var offset: Int64
    private(set) var rest: Int64
    /// NIO's wrapper of the descriptor for sendfile. It does not own it, whatever it thinks.
    private let handle: NIOFileHandle

    init(_ file: FileBody) {
        self.file = file
        self.offset = file.offset
        self.rest = file.length
        self.handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor)
    }

    deinit {
        // The handle insists on being closed or deprived of the descriptor, which `file.owner` closes.
        _ = try? handle.takeDescriptorOwnership()
    }

    /// The next piece, or nil after the last.
    func next(atMost limit: Int64) -> (offset: Int64, length: Int64)? {
        guard rest > 0 else { return nil }
        let length = min(rest, limit)
        defer {
            offset += length
            rest -= length
        }
        return (offset, length)
    }

    func region(offset: Int64, length: Int64) -> FileRegion {
        FileRegion(fileHandle: handle, readerIndex: Int(offset), endIndex: Int(offset + length))
    }
}

extension FileBody {
    /// Whether the file is at least as long as promised now. What is no regular file has no length to ask for.
    var isWhole: Bool {
        guard offset >= 0, length >= 0 else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return status.st_mode & S_IFMT != S_IFREG || Int64(status.st_size) - offset >= length
    }

    /// All of it in memory; nil if it could not be read whole.
    func readNow() -> ByteBuffer? {
        read(at: offset, length: length)
    }

    /// Exactly the given part of it; nil if the file ends before.
    func read(at start: Int64, length: Int64) -> ByteBuffer? {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(Int(length))
        while Int64(buffer.readableBytes) < length {
            let missing = Int(length) - buffer.readableBytes
            let position = start + Int64(buffer.readableBytes)
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { bytes in
                max(pread(descriptor, bytes.baseAddress, missing, off_t(position)), 0)
            }
            if count == 0 { return nil }
        }
        return buffer
    }
}

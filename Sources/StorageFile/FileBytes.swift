import NIOCore
import NIOPosix
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of a range of a file, read piece by piece as the reader asks for them.
struct FileBytes: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    /// Bytes a read; performance.md §3 found nothing gained beyond it.
    private static let pieceSize: Int64 = 256 << 10

    let file: OpenFile
    let range: Range<Int64>
    let threads: NIOThreadPool

    func makeAsyncIterator() -> Iterator { Iterator(file: file, rest: range, threads: threads) }

    struct Iterator: AsyncIteratorProtocol {
        let file: OpenFile
        var rest: Range<Int64>
        let threads: NIOThreadPool

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            let offset = rest.lowerBound
            let length = Int(Swift.min(pieceSize, Int64(rest.count)))
            let file = self.file
            let piece = try await threads.runIfActive { () throws -> ByteBuffer in
                var buffer = ByteBufferAllocator().buffer(capacity: length)
                let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { pointer in
                    let count = pread(file.descriptor, pointer.baseAddress, length, off_t(offset))
                    guard count > 0 else { throw count < 0 ? StoreError.last("pread") : StoreError.system(operation: "pread", code: EIO) }
                    return count
                }
                precondition(count == buffer.readableBytes)
                return buffer
            }
            rest = (offset + Int64(piece.readableBytes))..<rest.upperBound
            return piece
        }
    }
}

import NIOCore
import NIOPosix
import StorageTrees

/// The bytes of a file of a foreign tree, read piece by piece as they are asked for.
struct TreeBytes: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private static let pieceSize = 256 << 10

    let file: TreeFile
    let progress: ImportProgress

    func makeAsyncIterator() -> Iterator { Iterator(file: file, progress: progress) }

    struct Iterator: AsyncIteratorProtocol {
        let file: TreeFile
        let progress: ImportProgress
        var offset: Int64 = 0

        mutating func next() async throws -> ByteBuffer? {
            let (file, offset) = (file, offset)
            let piece = try await NIOThreadPool.singleton.runIfActive { () throws -> ByteBuffer in
                var buffer = ByteBufferAllocator().buffer(capacity: pieceSize)
                _ = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: pieceSize) { try file.read(into: $0, at: offset) }
                return buffer
            }
            guard piece.readableBytes > 0 else { return nil }
            self.offset += Int64(piece.readableBytes)
            progress.read(piece.readableBytes)
            return piece
        }
    }
}

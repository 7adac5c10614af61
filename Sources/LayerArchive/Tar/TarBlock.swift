/// Gathers the blocks of a tar from pieces of any size.
final class TarBlock {
    private let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: TarHeader.blockSize, alignment: 16)
    private var count = 0

    deinit { storage.deallocate() }

    /// True between two blocks.
    var isEmpty: Bool { count == 0 }

    /// Takes what the block lacks from `rest`. The whole block, once it is there, is valid until the next call: it is a view of the
    /// caller's bytes when they hold all of it, otherwise of the gathered ones.
    func fill(from rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if count == 0, rest.count >= TarHeader.blockSize {
            return rest.removePrefix(atMost: UInt64(TarHeader.blockSize))
        }
        let piece = rest.removePrefix(atMost: UInt64(TarHeader.blockSize - count))
        UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(from: piece)
        count += piece.count
        guard count == TarHeader.blockSize else { return nil }
        count = 0
        return UnsafeRawBufferPointer(storage)
    }
}

extension UnsafeRawBufferPointer {
    /// Cuts off and returns the first `limit` bytes, or all when there are fewer.
    mutating func removePrefix(atMost limit: UInt64) -> UnsafeRawBufferPointer {
        let length = limit > UInt64(count) ? count : Int(limit)
        let piece = UnsafeRawBufferPointer(rebasing: self[..<length])
        self = UnsafeRawBufferPointer(rebasing: self[length...])
        return piece
    }
}

import CLZMA

/// xz by liblzma, within a memory limit: a stream of a few bytes may ask for a dictionary of 4 GiB.
final class XZDecoder: MemberDecoder {
    private let stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)
    private let memoryLimit: UInt64

    /// - Parameter memoryLimit: in bytes.
    init(memoryLimit: UInt64) {
        self.memoryLimit = memoryLimit
        stream.initialize(to: lzma_stream())
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func start() -> Bool { lzma_stream_decoder(stream, memoryLimit, 0) == LZMA_OK }

    func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> (filled: Int, state: DecoderState) {
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = output.count
        let result = lzma_code(stream, LZMA_RUN)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(input.count - stream.pointee.avail_in))
        let filled = output.count - stream.pointee.avail_out
        switch result {
        // LZMA_BUF_ERROR: no input was left to go on with.
        case LZMA_OK, LZMA_BUF_ERROR: return (filled, .running)
        case LZMA_STREAM_END: return (filled, .memberEnded)
        case LZMA_MEMLIMIT_ERROR, LZMA_MEM_ERROR: return (filled, .outOfMemory)
        default: return (filled, .corrupt)
        }
    }
}

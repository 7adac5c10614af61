import CBZip2

/// bzip2 by libbz2; it takes up to 3.6 MiB while it decodes.
final class BZip2Decoder: MemberDecoder {
    /// libbz2 remembers the stream's address, so it has to stay where it is.
    private let stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)

    init() { stream.initialize(to: bz_stream()) }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func start() -> Bool {
        BZ2_bzDecompressEnd(stream)
        stream.pointee = bz_stream()
        return BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK
    }

    func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> (filled: Int, state: DecoderState) {
        let (next, available) = input.cInput
        stream.pointee.next_in = next?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_in = available
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(clamping: output.count)
        let result = BZ2_bzDecompress(stream)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(Int(available) - Int(stream.pointee.avail_in)))
        let filled = output.count - Int(stream.pointee.avail_out)
        switch result {
        case BZ_OK: return (filled, .running)
        case BZ_STREAM_END: return (filled, .memberEnded)
        case BZ_MEM_ERROR: return (filled, .outOfMemory)
        default: return (filled, .corrupt)
        }
    }
}

import CISAL

/// gzip by ISA-L, which inflates about three times as fast as zlib.
final class GzipDecoder: MemberDecoder {
    private let inflater = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
    private var header = GzipHeader()
    private var isInHeader = true

    init() { isal_inflate_init(inflater) }

    deinit { inflater.deallocate() }

    func start() -> Bool {
        header = GzipHeader()
        isInHeader = true
        isal_inflate_init(inflater)
        // The header is read here, the trailer is compared by ISA-L.
        inflater.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR_VER)
        return true
    }

    func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> (filled: Int, state: DecoderState) {
        if isInHeader {
            switch header.read(&input) {
            case .running: return (0, .running)
            case .corrupt: return (0, .corrupt)
            case .ended: isInHeader = false
            }
        }
        let (next, available) = input.cInput
        inflater.pointee.next_in = next?.assumingMemoryBound(to: UInt8.self)
        inflater.pointee.avail_in = available
        inflater.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        inflater.pointee.avail_out = UInt32(clamping: output.count)
        // After an error ISA-L's counts mean nothing.
        guard isal_inflate(inflater) == ISAL_DECOMP_OK else { return (0, .corrupt) }
        let consumed = Int(available) - Int(inflater.pointee.avail_in)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(consumed))
        let filled = output.count - Int(inflater.pointee.avail_out)
        return (filled, inflater.pointee.block_state == ISAL_BLOCK_FINISH ? .memberEnded : .running)
    }
}

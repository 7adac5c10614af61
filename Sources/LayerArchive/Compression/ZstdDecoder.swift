import CZstd

/// zstd by libzstd, within a memory limit: a frame of a few bytes may ask for a window of 3.75 TiB.
///
/// A member is a frame. Skippable frames, in which zstd:chunked and others keep what is no content, unpack to nothing.
final class ZstdDecoder: MemberDecoder {
    private enum Part {
        case header(ZstdFrameHeader)
        case skippable(left: Int)
        case data
    }

    /// What libzstd takes besides the window: its context, a block before and one after decoding.
    private static let overhead: UInt64 = 512 * 1024

    private let context = ZSTD_createDCtx()
    private let memoryLimit: UInt64
    private var part = Part.header(ZstdFrameHeader())

    /// - Parameter memoryLimit: in bytes.
    init(memoryLimit: UInt64) {
        self.memoryLimit = memoryLimit
        // The window is compared here.
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound)
    }

    deinit { ZSTD_freeDCtx(context) }

    func start() -> Bool {
        guard let context else { return false }
        part = .header(ZstdFrameHeader())
        return ZSTD_isError(ZSTD_DCtx_reset(context, ZSTD_reset_session_only)) == 0
    }

    func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> (filled: Int, state: DecoderState) {
        switch part {
        case .header(var header):
            let state = header.read(&input)
            part = .header(header)
            switch state {
            case .running: return (0, .running)
            case .corrupt: return (0, .corrupt)
            case .skippable(let size): return skip(size, &input)
            case .data(let window): return begin(header, window: window, &input, into: output)
            }
        case .skippable(let left): return skip(left, &input)
        case .data: return decodeData(&input, into: output)
        }
    }

    private func skip(_ left: Int, _ input: inout UnsafeRawBufferPointer) -> (filled: Int, state: DecoderState) {
        let passed = min(left, input.count)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(passed))
        part = .skippable(left: left - passed)
        return (0, passed == left ? .memberEnded : .running)
    }

    private func begin(
        _ header: ZstdFrameHeader, window: UInt64, _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (filled: Int, state: DecoderState) {
        guard memoryLimit >= Self.overhead, window <= memoryLimit - Self.overhead else { return (0, .outOfMemory) }
        part = .data
        let begun = header.bytes.withUnsafeBytes { bytes in
            var head = bytes
            return decodeData(&head, into: output)
        }
        guard case .running = begun.state else { return begun }
        return decodeData(&input, into: output)
    }

    private func decodeData(
        _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (filled: Int, state: DecoderState) {
        var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = ZSTD_decompressStream(context, &to, &from)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(from.pos))
        guard ZSTD_isError(result) == 0 else {
            switch ZSTD_getErrorCode(result) {
            case ZSTD_error_memory_allocation, ZSTD_error_frameParameter_windowTooLarge: return (to.pos, .outOfMemory)
            default: return (to.pos, .corrupt)
            }
        }
        return (to.pos, result == 0 ? .memberEnded : .running)
    }
}

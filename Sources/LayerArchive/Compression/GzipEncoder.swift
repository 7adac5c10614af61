import CISAL
import CZlib

/// Packs a stream that is pushed in into one gzip member, in constant memory.
///
/// The same stream comes to the same bytes (of the same zlib), in whatever pieces it came: the header has neither name nor time, its OS is
/// "unknown" (RFC 1952 §2.3), and zlib is always given pieces of the same size, since it does not promise that its output does not depend
/// on them.
final class GzipEncoder {
    /// What an engine unpacks is read more often than it is packed, but a client waits for the packing.
    private static let level: Int32 = 3
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    private static let inputSize = 64 * 1024
    private static let outputSize = 64 * 1024

    /// zlib remembers the stream's address, so it has to stay where it is.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: inputSize, alignment: 64)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: outputSize, alignment: 64)
    private var held = 0
    private var crc: UInt32 = 0
    private var size: UInt32 = 0

    init() {
        stream.initialize(to: z_stream())
        // Raw deflate: header and trailer are written here, where the OS is fixed and the sum is ISA-L's.
        let result = deflateInit2_(
            stream, Self.level, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib has no memory, or is of another version than its header")
        output.copyBytes(from: Self.header)
        setOutput(from: Self.header.count)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        input.deallocate()
        output.deallocate()
    }

    /// Appends packed bytes to `packed`, whenever a buffer of them is full.
    func update(_ bytes: UnsafeRawBufferPointer, into packed: inout [UInt8]) {
        var rest = bytes
        while !rest.isEmpty {
            let taken = min(rest.count, Self.inputSize - held)
            let next = UnsafeRawBufferPointer(rebasing: rest[..<taken])
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            if taken == Self.inputSize {
                deflate(next, Z_NO_FLUSH, &packed)
            } else {
                UnsafeMutableRawBufferPointer(rebasing: input[held...]).copyMemory(from: next)
                held += taken
                guard held == Self.inputSize else { return }
                held = 0
                deflate(UnsafeRawBufferPointer(input), Z_NO_FLUSH, &packed)
            }
        }
    }

    /// To be called once, after the last bytes. Appends the rest.
    func finish(into packed: inout [UInt8]) {
        deflate(UnsafeRawBufferPointer(rebasing: input[..<held]), Z_FINISH, &packed)
        handOver(&packed)
        for value in [crc, size] { withUnsafeBytes(of: value.littleEndian) { packed.append(contentsOf: $0) } }
    }

    private func deflate(_ bytes: UnsafeRawBufferPointer, _ flush: Int32, _ packed: inout [UInt8]) {
        crc = crc32_gzip_refl(crc, bytes.baseAddress, UInt64(bytes.count))
        size &+= UInt32(truncatingIfNeeded: bytes.count)
        let (next, available) = bytes.cInput
        stream.pointee.next_in = next?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_in = available
        var isDone = false
        while !isDone {
            let result = CZlib.deflate(stream, flush)
            isDone = flush == Z_FINISH ? result == Z_STREAM_END : stream.pointee.avail_out > 0
            if stream.pointee.avail_out == 0 { handOver(&packed) }
        }
    }

    private func handOver(_ packed: inout [UInt8]) {
        packed.append(contentsOf: output[..<(output.count - Int(stream.pointee.avail_out))])
        setOutput(from: 0)
    }

    private func setOutput(from start: Int) {
        stream.pointee.next_out = (output.baseAddress?.assumingMemoryBound(to: Bytef.self)).map { $0 + start }
        stream.pointee.avail_out = UInt32(output.count - start)
    }
}

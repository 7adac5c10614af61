import Crypto
import ImageModel

/// What a ``LayerConversion`` is in the middle of.
struct LayerConversionState {
    /// How much is unpacked before a call returns, in bytes: enough that the call does not matter, little enough to be kept in memory.
    private static let stride = 1 << 20

    private let sizeLimit: Int
    private let decompressor: Decompressor?
    private let encoder: GzipEncoder?
    private var hash: SHA256?
    private var size = 0
    private var refusal: LayerArchiveError?

    init(_ options: LayerConversion.Options, compression: Compression) {
        sizeLimit = options.limits.uncompressedSize
        decompressor = Decompressor(compression, memoryLimit: options.limits.decoderMemory)
        encoder = options.packs && compression != .gzip ? GzipEncoder() : nil
        hash = options.findsDiffID ? SHA256() : nil
    }

    /// - Returns: the packed bytes that are ready, and where to go on, as ``LayerConversion/update(_:from:sink:)``.
    mutating func update(
        _ bytes: UnsafeRawBufferPointer, from start: Int
    ) throws(LayerArchiveError) -> (packed: [UInt8], next: Int?) {
        if let refusal { throw refusal }
        var rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        var packed: [UInt8] = []
        do {
            let goesOn = try convert(&rest, &packed)
            return (packed, goesOn ? bytes.count - rest.count : nil)
        } catch {
            refusal = error
            throw error
        }
    }

    mutating func finish() throws(LayerArchiveError) -> (packed: [UInt8], outcome: LayerConversion.Outcome) {
        if let refusal { throw refusal }
        let isWhole = decompressor?.isComplete ?? true
        var packed: [UInt8] = []
        if isWhole { encoder?.finish(into: &packed) }
        let diffID = isWhole ? hash.map { ImageModel.Digest($0.finalize()) } : nil
        return (packed, LayerConversion.Outcome(diffID: diffID, uncompressedSize: size, isWhole: isWhole))
    }

    /// - Returns: whether to go on with what is left of `rest`.
    private mutating func convert(_ rest: inout UnsafeRawBufferPointer, _ packed: inout [UInt8]) throws(LayerArchiveError) -> Bool {
        guard let decompressor else {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.stride))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            try take(part, &packed)
            return !rest.isEmpty
        }
        let end = size + Self.stride
        while size < end {
            guard try decompressor.step(&rest, sink: { (block) throws(LayerArchiveError) in try take(block, &packed) }) else {
                return false
            }
        }
        return true
    }

    /// Takes unpacked bytes.
    private mutating func take(_ bytes: UnsafeRawBufferPointer, _ packed: inout [UInt8]) throws(LayerArchiveError) {
        size += bytes.count
        guard size <= sizeLimit else { throw .uncompressedSizeExceeded(limit: sizeLimit) }
        hash?.update(bufferPointer: bytes)
        encoder?.update(bytes, into: &packed)
    }
}

/// What a ``LayerReader`` is in the middle of.
struct LayerReaderState {
    private enum Phase {
        /// The first bytes, too few to tell the format.
        case sniffing([UInt8])
        case plain
        case compressed(Compression, Decompressor)
        /// A compressed stream that does not decode; the rest is only counted.
        case opaque
    }

    private let options: LayerReader.Options
    private var phase = Phase.sniffing([])
    private var stream: UnpackedStream?
    private var byteCount = 0
    private var refusal: LayerArchiveError?

    init(_ options: LayerReader.Options) { self.options = options }

    mutating func update(_ bytes: UnsafeRawBufferPointer) throws(LayerArchiveError) {
        if let refusal { throw refusal }
        do {
            byteCount += bytes.count
            try read(bytes)
        } catch {
            refusal = error
            stream = nil
            throw error
        }
    }

    mutating func finish() throws(LayerArchiveError) -> LayerContents {
        if let refusal { throw refusal }
        if case .sniffing(let head) = phase { try start(.none, head: head) }
        if case .compressed(_, let decompressor) = phase, !decompressor.isComplete { giveUp() }
        guard let stream else {
            let limit = options.limits.uncompressedSize
            guard byteCount <= limit else { throw .uncompressedSizeExceeded(limit: limit) }
            return LayerContents(compression: .none, isArchive: false, diffID: nil, uncompressedSize: byteCount, tarsums: [], files: nil)
        }
        guard case .compressed(let compression, _) = phase else { return stream.finish(.none) }
        return stream.finish(compression)
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(LayerArchiveError) {
        switch phase {
        case .sniffing(let head): try sniff(head, bytes)
        case .plain: try stream?.update(bytes)
        case .compressed(_, let decompressor):
            let state = try decompressor.update(bytes) { (block) throws(LayerArchiveError) in try stream?.update(block) }
            if state == .corrupt { giveUp() }
        case .opaque: break
        }
    }

    private mutating func sniff(_ head: [UInt8], _ bytes: UnsafeRawBufferPointer) throws(LayerArchiveError) {
        let start = head + bytes.prefix(Compression.sniffLength - head.count)
        switch Compression.sniff(start) {
        case .undecided: phase = .sniffing(start)
        case .known(let compression):
            try self.start(compression, head: head)
            try read(bytes)
        }
    }

    /// Leaves sniffing and reads what it held back.
    private mutating func start(_ compression: Compression, head: [UInt8]) throws(LayerArchiveError) {
        stream = UnpackedStream(options, hashes: compression != .none)
        if let decompressor = Decompressor(compression, memoryLimit: options.limits.decoderMemory) {
            phase = .compressed(compression, decompressor)
        } else {
            phase = .plain
        }
        let held = UnsafeMutableRawBufferPointer.allocate(byteCount: head.count, alignment: 1)
        defer { held.deallocate() }
        held.copyBytes(from: head)
        try read(UnsafeRawBufferPointer(held))
    }

    private mutating func giveUp() {
        phase = .opaque
        stream = nil
    }
}

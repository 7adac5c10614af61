/// Unpacks a compressed stream that is pushed in, in pieces of any size, in constant memory.
///
/// A stream is one or more members of its format, one after the other (xz: with padding between; zstd: its frames, data and skippable).
/// What follows the last member and begins no further one is passed over, as gzip(1) and bzip2(1) do.
final class Decompressor {
    enum State: Equatable {
        /// More may come.
        case running
        /// The stream does not decode.
        case corrupt
    }

    private enum Place {
        case member
        /// After a member, with these bytes of what may be the next one's magic number seen.
        case between(seen: [UInt8])
        case trailer
        case corrupt
    }

    /// Large enough that ISA-L mostly writes into it directly, small enough for the processor's second-level cache.
    private static let outputSize = 256 * 1024

    private let compression: Compression
    private let decoder: any MemberDecoder
    private let memoryLimit: UInt64
    private let output: UnsafeMutableRawBufferPointer
    private var place = Place.member
    /// Whether the output was full, so that more may come without further input.
    private var isDraining = false

    /// Nil for ``Compression/none``.
    init?(_ compression: Compression, memoryLimit: UInt64) {
        switch compression {
        case .none: return nil
        case .gzip: decoder = GzipDecoder()
        case .bzip2: decoder = BZip2Decoder()
        case .xz: decoder = XZDecoder(memoryLimit: memoryLimit)
        case .zstd: decoder = ZstdDecoder(memoryLimit: memoryLimit)
        }
        self.compression = compression
        self.memoryLimit = memoryLimit
        output = .allocate(byteCount: Self.outputSize, alignment: 64)
        if !decoder.start() { place = .corrupt }
    }

    deinit { output.deallocate() }

    /// Hands what `bytes` unpack to, to `sink`, piece by piece; a piece is valid only during the call.
    ///
    /// - Throws: what `sink` throws, and ``LayerArchiveError/decoderMemoryExceeded(limit:)``.
    func update(
        _ bytes: UnsafeRawBufferPointer, sink: (UnsafeRawBufferPointer) throws(LayerArchiveError) -> Void
    ) throws(LayerArchiveError) -> State {
        var rest = bytes
        while try step(&rest, sink: sink) {}
        return state
    }

    /// Unpacks some of `rest`, which it advances, and hands at most one piece to `sink`: a few bytes may unpack to gigabytes.
    ///
    /// - Returns: whether to go on with what is left of `rest`, which may be nothing. False when `rest` is used up and nothing more comes
    ///   of it, or it does not matter any more.
    /// - Throws: as ``update(_:sink:)``.
    func step(
        _ rest: inout UnsafeRawBufferPointer, sink: (UnsafeRawBufferPointer) throws(LayerArchiveError) -> Void
    ) throws(LayerArchiveError) -> Bool {
        guard !rest.isEmpty || isDraining else { return false }
        switch place {
        case .member: try decode(&rest, sink)
        case .between(let seen): skipToMember(&rest, seen: seen)
        case .trailer, .corrupt: return false
        }
        return true
    }

    var state: State {
        if case .corrupt = place { return .corrupt }
        return .running
    }

    /// True when the stream was whole: at least one member, and none cut off.
    var isComplete: Bool {
        switch place {
        case .between, .trailer: true
        case .member, .corrupt: false
        }
    }

    private func decode(
        _ rest: inout UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) throws(LayerArchiveError) -> Void
    ) throws(LayerArchiveError) {
        let before = rest.count
        let (filled, state) = decoder.decode(&rest, into: output)
        isDraining = false
        switch state {
        case .running:
            isDraining = filled == output.count
            // A decoder that neither takes nor gives would be called for ever.
            if filled == 0 && rest.count == before && before > 0 { place = .corrupt }
        case .memberEnded: place = .between(seen: [])
        case .corrupt: place = .corrupt
        case .outOfMemory: throw .decoderMemoryExceeded(limit: memoryLimit)
        }
        if filled > 0 { try sink(UnsafeRawBufferPointer(rebasing: output[..<filled])) }
    }

    private func skipToMember(_ rest: inout UnsafeRawBufferPointer, seen: [UInt8]) {
        guard let byte = rest.first else { return }
        let head = seen + [byte]
        switch compression.beginsMember(head) {
        case false?:
            guard compression == .xz && seen.isEmpty && byte == 0 else {
                place = .trailer
                return
            }
        case nil: place = .between(seen: head)
        case true?: place = startMember(head)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
    }

    /// Gives the decoder the magic number, which may have come in pieces that are gone by now. Nothing comes out of it.
    private func startMember(_ magic: [UInt8]) -> Place {
        guard decoder.start() else { return .corrupt }
        return magic.withUnsafeBytes { bytes in
            var head = bytes
            guard case .running = decoder.decode(&head, into: output).state, head.isEmpty else { return .corrupt }
            return .member
        }
    }
}

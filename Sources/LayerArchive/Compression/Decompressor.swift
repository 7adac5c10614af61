/// Unpacks a compressed stream that is pushed in, in pieces of any size, in constant memory.
///
/// A stream is one or more members of its format, one after the other (xz: with padding between). What follows the last member and begins
/// no further one is passed over, as gzip(1) and bzip2(1) do.
final class Decompressor {
    enum State: Equatable {
        /// More may come.
        case running
        /// The stream does not decode.
        case corrupt
    }

    private enum Place {
        case member
        /// After a member, with as many bytes of the next one's magic number seen.
        case between(matched: Int)
        case trailer
        case corrupt
    }

    /// Large enough that ISA-L mostly writes into it directly, small enough for the processor's second-level cache.
    private static let outputSize = 256 * 1024

    private let decoder: any MemberDecoder
    private let magic: [UInt8]
    private let hasPadding: Bool
    private let memoryLimit: UInt64
    private let output: UnsafeMutableRawBufferPointer
    private var place = Place.member

    /// Nil for ``Compression/none``.
    init?(_ compression: Compression, memoryLimit: UInt64) {
        switch compression {
        case .none: return nil
        case .gzip: decoder = GzipDecoder()
        case .bzip2: decoder = BZip2Decoder()
        case .xz: decoder = XZDecoder(memoryLimit: memoryLimit)
        }
        magic = compression.magic
        hasPadding = compression == .xz
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
        while !rest.isEmpty {
            switch place {
            case .member: try decode(&rest, sink)
            case .between(let matched): skipToMember(&rest, matched: matched)
            case .trailer: return .running
            case .corrupt: return .corrupt
            }
        }
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

    /// Decodes until the input is used up and nothing more comes out, or the member ends.
    private func decode(
        _ rest: inout UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) throws(LayerArchiveError) -> Void
    ) throws(LayerArchiveError) {
        while case .member = place {
            let before = rest.count
            let (filled, state) = decoder.decode(&rest, into: output)
            switch state {
            case .running: break
            case .memberEnded: place = .between(matched: 0)
            case .corrupt: place = .corrupt
            case .outOfMemory: throw .decoderMemoryExceeded(limit: memoryLimit)
            }
            if filled > 0 { try sink(UnsafeRawBufferPointer(rebasing: output[..<filled])) }
            guard case .running = state else { return }
            if rest.isEmpty && filled < output.count { return }
            // A decoder that neither takes nor gives would be called for ever.
            if filled == 0 && rest.count == before { place = .corrupt }
        }
    }

    private func skipToMember(_ rest: inout UnsafeRawBufferPointer, matched: Int) {
        guard let byte = rest.first else { return }
        guard byte == magic[matched] else {
            if hasPadding && matched == 0 && byte == 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
            } else {
                place = .trailer
            }
            return
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
        place = matched + 1 < magic.count ? .between(matched: matched + 1) : startMember()
    }

    /// Gives the decoder the magic number, which may have come in pieces that are gone by now. Nothing comes out of it.
    private func startMember() -> Place {
        guard decoder.start() else { return .corrupt }
        return magic.withUnsafeBytes { bytes in
            var head = bytes
            guard case .running = decoder.decode(&head, into: output).state, head.isEmpty else { return .corrupt }
            return .member
        }
    }
}

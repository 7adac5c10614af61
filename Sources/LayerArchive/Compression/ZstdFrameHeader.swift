/// Reads the header of a zstd frame from pieces of any size (RFC 8878 §3.1.1.1, §3.1.2).
///
/// libzstd reads headers too, but compares the window with its limit only when the frame does not lie whole in front of it: the same layer
/// would be refused or read, depending on how its bytes came.
struct ZstdFrameHeader {
    enum State: Equatable {
        case running, corrupt
        /// The header of a frame of data is whole: decoding takes a window of so many bytes.
        case data(window: UInt64)
        /// So many bytes follow that mean nothing.
        case skippable(size: Int)
    }

    /// What has been read: at most 18 bytes.
    private(set) var bytes: [UInt8] = []

    /// Takes the header's bytes off `input`.
    mutating func read(_ input: inout UnsafeRawBufferPointer) -> State {
        while true {
            let state = look()
            guard state == .running, let byte = input.first else { return state }
            input = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            bytes.append(byte)
        }
    }

    private func look() -> State {
        switch Compression.zstd.beginsMember(bytes) {
        case nil: return .running
        case false?: return .corrupt
        case true?: return bytes[0] == 0x28 ? lookAtData() : lookAtSkippable()
        }
    }

    private func lookAtSkippable() -> State { bytes.count < 8 ? .running : .skippable(size: Int(number(at: 4, length: 4))) }

    private func lookAtData() -> State {
        guard bytes.count > 4 else { return .running }
        let descriptor = bytes[4]
        let isSingleSegment = descriptor & 0x20 != 0
        let dictionaryLength = [0, 1, 2, 4][Int(descriptor & 3)]
        let sizeLength = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
        let sizeStart = 5 + (isSingleSegment ? 0 : 1) + dictionaryLength
        guard bytes.count >= sizeStart + sizeLength else { return .running }
        // A single segment is its own window.
        if isSingleSegment { return .data(window: number(at: sizeStart, length: sizeLength) + (sizeLength == 2 ? 256 : 0)) }
        let base = UInt64(1) << (10 + UInt64(bytes[5] >> 3))
        return .data(window: base + base / 8 * UInt64(bytes[5] & 7))
    }

    /// Little-endian.
    private func number(at start: Int, length: Int) -> UInt64 {
        bytes[start..<start + length].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

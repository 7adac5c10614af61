/// A zstd frame of raw blocks, or of one byte repeated, with any header (RFC 8878 §3.1.1). It has no checksum.
struct ZstdFrame {
    enum Block {
        case raw([UInt8])
        /// One byte, so many times: 4 bytes for up to 128 KiB.
        case run(UInt8, count: Int)
    }

    var blocks: [Block]
    /// 10 means 1 KiB, and each further one twice as much. Nil for a single segment.
    var windowLog: UInt8? = 17
    /// So many eighths more than the power of two.
    var windowEighths: UInt8 = 0
    var dictionary: [UInt8] = []
    /// Little-endian, of 1 (only a single segment), 2, 4 or 8 bytes; those of 2 bytes count from 256.
    var contentSize: [UInt8] = []
    var reservedFlags: UInt8 = 0

    init(_ content: [UInt8]) {
        blocks = stride(from: 0, to: content.count, by: 100_000).map { .raw(Array(content[$0..<min($0 + 100_000, content.count)])) }
        if blocks.isEmpty { blocks = [.raw([])] }
    }

    init(_ content: [UInt8], with change: (inout ZstdFrame) -> Void) {
        self.init(content)
        change(&self)
    }

    var bytes: [UInt8] {
        let sizeFlag: UInt8 = [2: 1, 4: 2, 8: 3][contentSize.count] ?? 0
        let dictionaryFlag: UInt8 = [1: 1, 2: 2, 4: 3][dictionary.count] ?? 0
        var bytes: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, sizeFlag << 6 | (windowLog == nil ? 0x20 : 0) | reservedFlags | dictionaryFlag]
        if let windowLog { bytes.append((windowLog - 10) << 3 | windowEighths) }
        bytes += dictionary + contentSize
        for (index, block) in blocks.enumerated() {
            let last: UInt32 = index == blocks.count - 1 ? 1 : 0
            switch block {
            case .raw(let content): bytes += Self.header(last | UInt32(content.count) << 3) + content
            case .run(let byte, let count): bytes += Self.header(last | 1 << 1 | UInt32(count) << 3) + [byte]
            }
        }
        return bytes
    }

    /// A frame that a decoder passes over; `kind` is one of 16 (RFC 8878 §3.1.2).
    static func skippable(_ content: [UInt8], kind: UInt8 = 0) -> [UInt8] {
        [0x50 + kind, 0x2a, 0x4d, 0x18] + withUnsafeBytes(of: UInt32(content.count).littleEndian) { Array($0) } + content
    }

    private static func header(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0.prefix(3)) } }
}

/// How the bytes of a layer are packed, told from the bytes themselves: no dialect says it reliably (v1.md §4.2, §4.4).
public enum Compression: String, Hashable, Sendable, CaseIterable {
    /// A plain tar, or bytes that are no archive at all.
    case none
    case gzip
    case bzip2
    case xz
    /// Frames as in RFC 8878, skippable ones among them.
    case zstd

    /// What the first bytes of a layer say; 10 of them always suffice. Of fewer: the format if they decide it, else ``none``.
    ///
    /// This is the format that the layer claims to have; whether it decodes is for ``LayerReader`` and ``LayerConversion`` to find out.
    public static func ofHead(_ head: [UInt8]) -> Compression {
        guard case .known(let compression) = sniff(head.prefix(sniffLength)) else { return .none }
        return compression
    }

    /// What a first look at a stream tells.
    enum Sniffed: Equatable {
        case known(Compression)
        /// The bytes so far begin more than one format.
        case undecided
    }

    /// The most bytes that ``sniff(_:)`` looks at; as many as engines do.
    static let sniffLength = 10

    /// `BZh` begins file names too, so the first block's magic number is asked for as well: of data, or of the end of an empty stream.
    private static let bzip2Blocks: [[UInt8]] = [[0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]]

    /// A frame of data, and the 16 of a skippable frame (RFC 8878 §3.1.1, §3.1.2).
    private static let zstdMagics: [[UInt8]] = [[0x28, 0xb5, 0x2f, 0xfd]] + (0x50...0x5f).map { [$0, 0x2a, 0x4d, 0x18] }

    /// The bytes that begin a member of the format, the first as well as a further one: any of these.
    private var magics: [[UInt8]] {
        switch self {
        case .none: []
        case .gzip: [[0x1f, 0x8b, 8]]
        case .bzip2: [Array("BZh".utf8)]
        case .xz: [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]]
        case .zstd: Self.zstdMagics
        }
    }

    /// Tells the format from the first bytes; ``sniffLength`` of them always suffice.
    static func sniff(_ head: some Collection<UInt8>) -> Sniffed {
        var isUndecided = false
        for format in allCases where format != .none {
            switch format.beginsStream(head) {
            case true?: return .known(format)
            case nil: isUndecided = true
            case false?: break
            }
        }
        return isUndecided ? .undecided : .known(.none)
    }

    /// Whether `head` begins a member of the format. Nil when it is too short to say.
    func beginsMember(_ head: some Collection<UInt8>) -> Bool? {
        var isPrefix = false
        for magic in magics where zip(head, magic).allSatisfy(==) {
            if head.count >= magic.count { return true }
            isPrefix = true
        }
        return isPrefix ? nil : false
    }

    /// Like ``beginsMember(_:)``, for the first one, which has to be told from all other bytes.
    private func beginsStream(_ head: some Collection<UInt8>) -> Bool? {
        guard let begins = beginsMember(head), begins, self == .bzip2 else { return beginsMember(head) }
        let rest = head.dropFirst(3)
        guard let level = rest.first else { return nil }
        guard (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(level) else { return false }
        let block = rest.dropFirst()
        guard Self.bzip2Blocks.contains(where: { zip(block, $0).allSatisfy(==) }) else { return false }
        return head.count < Self.sniffLength ? nil : true
    }
}

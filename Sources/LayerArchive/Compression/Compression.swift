/// How the bytes of a layer are packed, told from the bytes themselves: no dialect says it reliably (v1.md §4.2, §4.4).
public enum Compression: String, Hashable, Sendable, CaseIterable {
    /// A plain tar, or bytes that are no archive at all.
    case none
    case gzip
    case bzip2
    case xz

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

    /// The bytes that begin a member of the format, the first as well as a further one.
    var magic: [UInt8] {
        switch self {
        case .none: []
        case .gzip: [0x1f, 0x8b, 8]
        case .bzip2: Array("BZh".utf8)
        case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]
        }
    }

    /// Tells the format from the first bytes; ``sniffLength`` of them always suffice.
    static func sniff(_ head: some Collection<UInt8>) -> Sniffed {
        var isUndecided = false
        for format in allCases where format != .none {
            switch format.matches(head) {
            case true?: return .known(format)
            case nil: isUndecided = true
            case false?: break
            }
        }
        return isUndecided ? .undecided : .known(.none)
    }

    /// Nil when `head` is too short to say.
    private func matches(_ head: some Collection<UInt8>) -> Bool? {
        let magic = magic
        guard zip(head, magic).allSatisfy(==) else { return false }
        guard self == .bzip2 else { return head.count < magic.count ? nil : true }
        let rest = head.dropFirst(magic.count)
        guard let level = rest.first else { return nil }
        guard (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(level) else { return false }
        let block = rest.dropFirst()
        guard Self.bzip2Blocks.contains(where: { zip(block, $0).allSatisfy(==) }) else { return false }
        return head.count < Self.sniffLength ? nil : true
    }
}

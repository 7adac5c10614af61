/// The 512 bytes before every member of a tar: v7, POSIX ustar, star and GNU.
enum TarHeader {
    static let blockSize = 512

    private enum Format {
        case v7, ustar, star, gnu
    }

    /// Nil when the header's sum is wrong or a number in it is none: the stream is no tar, or out of step.
    static func parse(_ block: UnsafeRawBufferPointer) -> TarEntry? {
        guard block.count == blockSize, hasValidSum(block),
            let mode = number(block, 100..<108), let uid = number(block, 108..<116), let gid = number(block, 116..<124),
            let size = number(block, 124..<136), size >= 0, let mtime = number(block, 136..<148)
        else { return nil }
        let format = format(block)
        let typeflag = block[156]
        var entry = TarEntry(
            name: text(block, 0..<100), mode: mode, uid: uid, gid: gid, size: size, mtime: mtime, typeflag: typeflag,
            linkname: text(block, 157..<257), uname: [], gname: [], devmajor: 0, devminor: 0,
            hasSparseExtension: typeflag == UInt8(ascii: "S") && block[482] != 0)
        guard format != .v7 else { return entry }
        entry.uname = text(block, 265..<297)
        entry.gname = text(block, 297..<329)
        if typeflag == UInt8(ascii: "3") || typeflag == UInt8(ascii: "4") {
            guard let major = number(block, 329..<337), let minor = number(block, 337..<345) else { return nil }
            entry.devmajor = major
            entry.devminor = minor
        }
        if let prefix = prefix(block, format), !prefix.isEmpty { entry.name = prefix + [UInt8(ascii: "/")] + entry.name }
        return entry
    }

    static func isZero(_ block: UnsafeRawBufferPointer) -> Bool { block.allSatisfy { $0 == 0 } }

    /// The sum is of all bytes with the sum's own field taken as spaces; some old tars added signed bytes.
    private static func hasValidSum(_ block: UnsafeRawBufferPointer) -> Bool {
        guard let stored = number(block, 148..<156) else { return false }
        var unsigned = 0
        var highBytes = 0
        for byte in block {
            unsigned &+= Int(byte)
            highBytes &+= Int(byte >> 7)
        }
        for byte in block[148..<156] {
            unsigned &+= Int(UInt8(ascii: " ")) &- Int(byte)
            highBytes &-= Int(byte >> 7)
        }
        return stored == unsigned || stored == unsigned - 256 * highBytes
    }

    private static func format(_ block: UnsafeRawBufferPointer) -> Format {
        if has(block, "ustar\0", at: 257) { return has(block, "tar\0", at: 508) ? .star : .ustar }
        return has(block, "ustar  \0", at: 257) ? .gnu : .v7
    }

    private static func has(_ block: UnsafeRawBufferPointer, _ text: StaticString, at offset: Int) -> Bool {
        text.withUTF8Buffer { text in text.indices.allSatisfy { block[offset + $0] == text[$0] } }
    }

    /// GNU tar has times where ustar has the prefix. The tar writer of engines built with Go before 1.8 put a prefix there all the same
    /// when it fell back to GNU numbers, so what is no pair of times, but plain text, is one.
    private static func prefix(_ block: UnsafeRawBufferPointer, _ format: Format) -> [UInt8]? {
        switch format {
        case .v7: return nil
        case .ustar: return text(block, 345..<500)
        case .star: return text(block, 345..<476)
        case .gnu:
            guard block[345] != 0, number(block, 345..<357) == nil || number(block, 357..<369) == nil else { return nil }
            let prefix = text(block, 345..<500)
            return prefix.allSatisfy { $0 < 0x80 } ? prefix : nil
        }
    }

    private static func number(_ block: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int64? {
        TarNumber.parse(UnsafeRawBufferPointer(rebasing: block[range]))
    }

    /// Up to the first NUL, or the whole field.
    private static func text(_ block: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8] {
        let field = UnsafeRawBufferPointer(rebasing: block[range])
        return Array(UnsafeRawBufferPointer(rebasing: field[..<(field.firstIndex(of: 0) ?? field.count)]))
    }
}

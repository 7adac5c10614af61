/// A gzip member that stores its content, with any optional header fields (RFC 1952).
struct GzipMember {
    var content: [UInt8]
    var extra: [UInt8]?
    var name: String?
    var comment: String?
    var hasHeaderSum = false
    var reservedFlags: UInt8 = 0

    init(_ content: [UInt8]) { self.content = content }

    init(_ content: [UInt8], with change: (inout GzipMember) -> Void) {
        self.init(content)
        change(&self)
    }

    var bytes: [UInt8] {
        var flags = reservedFlags
        if hasHeaderSum { flags |= 2 }
        if extra != nil { flags |= 4 }
        if name != nil { flags |= 8 }
        if comment != nil { flags |= 16 }
        var bytes: [UInt8] = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255]
        if let extra { bytes += Self.little(UInt16(extra.count)) + extra }
        if let name { bytes += Array(name.utf8) + [0] }
        if let comment { bytes += Array(comment.utf8) + [0] }
        if hasHeaderSum { bytes += Self.little(UInt16(truncatingIfNeeded: Self.crc32(bytes))) }
        var rest = content[...]
        repeat {
            let block = rest.prefix(0xffff)
            rest = rest.dropFirst(block.count)
            bytes += [rest.isEmpty ? 1 : 0] + Self.little(UInt16(block.count)) + Self.little(~UInt16(block.count)) + block
        } while !rest.isEmpty
        return bytes + Self.little(Self.crc32(content)) + Self.little(UInt32(truncatingIfNeeded: content.count))
    }

    private static func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xedb8_8320 }
        }
        return ~crc
    }
}

/// Writes tars for the tests, the odd ones too: each field can be given as any tar writer of the past would have written it.
struct TarMember {
    enum Magic: String {
        case v7 = ""
        case ustar = "ustar\u{0}00"
        case gnu = "ustar  \u{0}"
    }

    var name: [UInt8]
    var body: [UInt8] = []
    var mode = 0o644
    var uid = 0
    var gid = 0
    /// The size field, when it is not the body's length.
    var size: Int?
    var mtime = 1_400_000_000
    var type: UInt8 = UInt8(ascii: "0")
    var link: [UInt8] = []
    var uname = ""
    var gname = ""
    var major = 0
    var minor = 0
    var magic = Magic.ustar
    var prefix = ""
    /// Whether numbers are written in base-256.
    var isBinary = false
    /// Bytes to put into the header at an offset, last of all but the sum.
    var patches: [(offset: Int, bytes: [UInt8])] = []
    /// Blocks between header and body.
    var extensions: [UInt8] = []

    init(_ name: String, _ body: String = "") {
        self.name = Array(name.utf8)
        self.body = Array(body.utf8)
    }

    init(_ name: String, _ body: String = "", with change: (inout TarMember) -> Void) {
        self.init(name, body)
        change(&self)
    }

    /// A directory, with the mode that directories have.
    static func directory(_ name: String) -> TarMember {
        TarMember(name) {
            $0.type = UInt8(ascii: "5")
            $0.mode = 0o755
        }
    }

    /// A PAX header (`x`, or global `g`) with these records, for the member after it.
    static func pax(_ records: [(String, [UInt8])], type: UInt8 = UInt8(ascii: "x")) -> TarMember {
        TarMember("PaxHeaders/x") {
            $0.type = type
            $0.body = records.flatMap { record($0.0, $0.1) }
        }
    }

    /// A GNU long name (`L`) or link (`K`), for the member after it.
    static func gnuLong(_ type: Character, _ text: String) -> TarMember {
        TarMember("././@LongLink") {
            $0.type = type.asciiValue ?? 0
            $0.magic = .gnu
            $0.body = Array(text.utf8) + [0]
        }
    }

    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [10]
        var length = rest.count
        while String(length).utf8.count + rest.count != length { length += 1 }
        return Array(String(length).utf8) + rest
    }

    var bytes: [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in text.enumerated() { block[offset + index] = byte }
        }
        func number(_ value: Int, at offset: Int, width: Int) {
            if isBinary {
                var rest = value
                for index in (0..<width).reversed() {
                    block[offset + index] = UInt8(truncatingIfNeeded: rest)
                    rest >>= 8
                }
                block[offset] |= 0x80
            } else {
                let digits = String(value, radix: 8)
                put((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8, at: offset)
            }
        }
        put(name.prefix(100), at: 0)
        number(mode, at: 100, width: 8)
        number(uid, at: 108, width: 8)
        number(gid, at: 116, width: 8)
        number(size ?? body.count, at: 124, width: 12)
        number(mtime, at: 136, width: 12)
        block[156] = type
        put(link.prefix(100), at: 157)
        put(magic.rawValue.utf8, at: 257)
        put(uname.utf8, at: 265)
        put(gname.utf8, at: 297)
        number(major, at: 329, width: 8)
        number(minor, at: 337, width: 8)
        put(prefix.utf8, at: 345)
        for patch in patches { put(patch.bytes, at: patch.offset) }
        put("        ".utf8, at: 148)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put((String(repeating: "0", count: 6 - sum.count) + sum).utf8, at: 148)
        block[154] = 0
        let padding = [UInt8](repeating: 0, count: (512 - body.count % 512) % 512)
        return block + extensions + body + padding
    }
}

/// The bytes of a tar of these members, with its two end blocks.
func tar(_ members: [TarMember]) -> [UInt8] { members.flatMap(\.bytes) + [UInt8](repeating: 0, count: 1024) }

/// The text that stands for a member's header in its sum: field names and values, one after the other (v1.md §6.2, table).
struct TarsumText {
    private(set) var bytes: [UInt8] = []
    private let version: Tarsum.Version

    init(version: Tarsum.Version) { self.version = version }

    /// Writes the text of `entry` into ``bytes``, in place of the last one.
    mutating func set(_ entry: TarEntry) {
        bytes.removeAll(keepingCapacity: true)
        append("name", entry.name)
        append("mode", entry.mode)
        append("uid", entry.uid)
        append("gid", entry.gid)
        append("size", entry.size)
        if version == .v0 { append("mtime", entry.mtime) }
        bytes.append(contentsOf: "typeflag".utf8)
        bytes.append(entry.typeflag)
        append("linkname", entry.linkname)
        append("uname", entry.uname)
        append("gname", entry.gname)
        append("devmajor", entry.devmajor)
        append("devminor", entry.devminor)
        guard version != .v0 else { return }
        for attribute in entry.extendedAttributes {
            bytes.append(contentsOf: attribute.name)
            bytes.append(contentsOf: attribute.value)
        }
    }

    private mutating func append(_ field: String, _ value: [UInt8]) {
        bytes.append(contentsOf: field.utf8)
        bytes.append(contentsOf: value)
    }

    private mutating func append(_ field: String, _ value: Int64) {
        bytes.append(contentsOf: field.utf8)
        bytes.appendDecimal(value)
    }
}

extension [UInt8] {
    mutating func appendDecimal(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = count
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }
}

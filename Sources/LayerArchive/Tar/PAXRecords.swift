/// What the PAX header before a member says about it (POSIX.1-2001 pax, "pax Extended Header").
struct PAXRecords {
    private(set) var path: [UInt8]?
    private(set) var linkpath: [UInt8]?
    private(set) var uname: [UInt8]?
    private(set) var gname: [UInt8]?
    private(set) var size: Int64?
    private(set) var uid: Int64?
    private(set) var gid: Int64?
    private(set) var mtime: Int64?
    private(set) var extendedAttributes: [TarEntry.ExtendedAttribute] = []

    private static let attributePrefix = Array("SCHILY.xattr.".utf8)

    /// Nil when `bytes` are no sequence of `LENGTH KEY=VALUE\n`, or a number in them is none. Unknown keys are passed over.
    init?(_ bytes: [UInt8]) {
        var attributes: [[UInt8]: [UInt8]] = [:]
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let length = TarNumber.decimal(rest[..<space]),
                length > 0, length <= rest.count
            else { return nil }
            let end = rest.startIndex + Int(length)
            guard space + 1 < end, rest[end - 1] == UInt8(ascii: "\n") else { return nil }
            let record = rest[(space + 1)..<(end - 1)]
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")), equals > record.startIndex else { return nil }
            let key = record[..<equals]
            let value = record[(equals + 1)...]
            if key.starts(with: Self.attributePrefix) {
                attributes[Array(key.dropFirst(Self.attributePrefix.count))] = Array(value)
            } else if !value.isEmpty {
                // An empty value takes the record back: the header's own field stands.
                guard set(String(decoding: key, as: UTF8.self), value) else { return nil }
            }
            rest = rest[end...]
        }
        extendedAttributes = attributes.map { TarEntry.ExtendedAttribute(name: $0.key, value: $0.value) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// False when the value of a number is no number.
    private mutating func set(_ key: String, _ value: ArraySlice<UInt8>) -> Bool {
        switch key {
        case "path": path = Array(value)
        case "linkpath": linkpath = Array(value)
        case "uname": uname = Array(value)
        case "gname": gname = Array(value)
        case "size":
            size = TarNumber.decimal(value)
            return size != nil
        case "uid":
            uid = TarNumber.decimal(value)
            return uid != nil
        case "gid":
            gid = TarNumber.decimal(value)
            return gid != nil
        case "mtime":
            mtime = TarNumber.paxSeconds(value)
            return mtime != nil
        default: break
        }
        return true
    }

    /// Puts what the records say in the place of the header's own fields.
    func apply(to entry: inout TarEntry) {
        if let path { entry.name = path }
        if let linkpath { entry.linkname = linkpath }
        if let uname { entry.uname = uname }
        if let gname { entry.gname = gname }
        if let size { entry.size = size }
        if let uid { entry.uid = uid }
        if let gid { entry.gid = gid }
        if let mtime { entry.mtime = mtime }
        entry.extendedAttributes = extendedAttributes
    }
}

/// The `files` document of a layer (v1.md §6.4).
public enum LayerListing {
    /// A JSON list of `[name, type, deleted, size, mtime, mode, uid, gid]`, in archive order.
    public static func json(_ files: [LayerFile]) -> [UInt8] {
        var json = JSONText()
        json.list(files) { json, file in
            json.raw("[")
            json.string(file.path)
            json.raw(",")
            json.attributes(of: file)
            json.raw("]")
        }
        return json.bytes
    }
}

extension JSONText {
    /// The seven elements after the name.
    mutating func attributes(of file: LayerFile) {
        string(String(file.kind.rawValue))
        raw(file.isDeleted ? ",true" : ",false")
        for number in [file.size, file.mtime, file.mode, file.uid, file.gid] {
            raw(",")
            self.number(number)
        }
    }
}

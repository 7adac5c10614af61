extension Schema1Manifest {
    /// The document that is signed, as Go writes it over several lines (v1.md §10.2).
    ///
    /// - Parameter entries: top first.
    public static func payload(name: String, tag: String, architecture: String, entries: [Entry]) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw("{\n   \"schemaVersion\": 1,\n   \"name\": ")
        writer.string(name)
        writer.raw(",\n   \"tag\": ")
        writer.string(tag)
        writer.raw(",\n   \"architecture\": ")
        writer.string(architecture)
        writer.raw(",\n   \"fsLayers\": ")
        writer.list(entries) { $0.raw("\"blobSum\": \"\($1.blobSum)\"") }
        writer.raw(",\n   \"history\": ")
        writer.list(entries) {
            $0.raw("\"v1Compatibility\": ")
            $0.string($1.document)
        }
        writer.raw("\n}")
        return writer.bytes
    }
}

extension JSONWriter {
    /// A list of objects with one member each.
    fileprivate mutating func list(_ entries: [Schema1Manifest.Entry], _ member: (inout JSONWriter, Schema1Manifest.Entry) -> Void) {
        for (index, entry) in entries.enumerated() {
            raw(index == 0 ? "[\n      {\n         " : ",\n      {\n         ")
            member(&self, entry)
            raw("\n      }")
        }
        raw(entries.isEmpty ? "[]" : "\n   ]")
    }
}

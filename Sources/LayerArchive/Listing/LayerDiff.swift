/// What a layer does to the layers below it: the `diff` document (v1.md §6.4).
///
/// Made from the layer's own files, then shown the files of one ancestor after the other, nearest first, so that only one of them is in
/// memory at a time.
public struct LayerDiff {
    /// By path as bytes: Swift compares texts by meaning, but two spellings of `é` are two files.
    private typealias Files = [[UInt8]: LayerFile]

    private var deleted: Files = [:]
    private var changed: Files = [:]
    private var created: Files = [:]
    /// Not met in any ancestor so far.
    private var open: Files = [:]

    /// - Parameter files: of the layer itself; when a path comes twice, the last one counts.
    public init(_ files: [LayerFile]) {
        for file in files { open[Array(file.path.utf8)] = file }
        deleted = open.filter { $0.value.isDeleted }
        open = open.filter { !$0.value.isDeleted }
    }

    /// True when no further ancestor can change the outcome.
    public var isComplete: Bool { open.isEmpty }

    /// Looks for the files that are still open in the next ancestor: there, they are changed; deleted there, they are created anew.
    ///
    /// - Parameter files: of the ancestor, in archive order.
    public mutating func compare(ancestor files: [LayerFile]) {
        var met: Files = [:]
        for file in files {
            let path = Array(file.path.utf8)
            if open[path] != nil { met[path] = file }
        }
        for (path, below) in met {
            guard let file = open.removeValue(forKey: path) else { continue }
            if below.isDeleted { created[path] = file } else { changed[path] = file }
        }
    }

    /// `{"deleted":{…},"changed":{…},"created":{…}}`, each path with the seven further elements of its line; sorted by path. What no
    /// ancestor has counts as created.
    public func json() -> [UInt8] {
        var json = JSONText()
        json.raw(#"{"deleted":"#)
        Self.write(deleted, to: &json)
        json.raw(#","changed":"#)
        Self.write(changed, to: &json)
        json.raw(#","created":"#)
        Self.write(created.merging(open) { $1 }, to: &json)
        json.raw("}")
        return json.bytes
    }

    private static func write(_ files: Files, to json: inout JSONText) {
        json.raw("{")
        let sorted = files.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        json.joined(sorted) { json, file in
            json.string(file.value.path)
            json.raw(":[")
            json.attributes(of: file.value)
            json.raw("]")
        }
        json.raw("}")
    }
}

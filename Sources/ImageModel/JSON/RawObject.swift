/// An object of JSON whose members keep the bytes of their values, so that what nobody knows here survives: numbers of any size, escapes,
/// keys of other versions.
///
/// Names are compared byte by byte, because `String` takes canonically equivalent texts for equal, which are different keys in JSON.
struct RawObject: Sendable, Equatable {
    private var members: [[UInt8]: [UInt8]] = [:]

    /// How many members are kept of one object, or elements of one array: more than anybody needs, and few enough for the memory.
    static let limit = 10_000

    /// Nil for JSON that is no object, or one with too many members.
    ///
    /// - Throws: why this is no JSON, or none that is read (``JSONReader``).
    init?(_ bytes: [UInt8]) throws(JSONFault) {
        var reader = JSONReader<JSONFault>(bytes)
        var members: [[UInt8]: [UInt8]] = [:]
        var isSmall = true
        let isObject = try reader.members { (reader, name) throws(JSONFault) in
            isSmall = members.count < Self.limit
            guard isSmall else { return try reader.skip() }
            members[reader.utf8(of: name)] = try reader.raw()
        }
        try reader.end()
        guard isObject, isSmall else { return nil }
        self.members = members
    }

    /// The value of a member as it was written.
    subscript(name: String) -> [UInt8]? {
        get { members[Array(name.utf8)] }
        set { members[Array(name.utf8)] = newValue }
    }

    /// The text of a member that is a string; nil for any other.
    func text(_ name: String) -> String? { reading(name) { (reader) throws(JSONFault) in try reader.string() } }

    /// Whether a member is `true`.
    func isTrue(_ name: String) -> Bool { self[name] == Array("true".utf8) }

    /// A member that is an object; nil for any other.
    func object(_ name: String) -> RawObject? { self[name].flatMap { try? RawObject($0) } }

    /// The elements of an array, as they were written; nil if the member is no array. Of too many, those up to the limit and one more.
    func elements(_ name: String) -> [[UInt8]]? {
        reading(name) { (reader) throws(JSONFault) in
            var elements: [[UInt8]] = []
            let isArray = try reader.elements { (reader) throws(JSONFault) in
                guard elements.count <= Self.limit else { return try reader.skip() }
                elements.append(try reader.raw())
            }
            return isArray ? elements : nil
        }
    }

    /// Takes away every member that Go's `encoding/json`, which looks at no case, would read under one of these names.
    mutating func remove(_ names: String...) {
        let folded = Set(names.map(\.caseFolded))
        let longest = 3 * (names.map(\.utf8.count).max() ?? 0)
        for name in members.keys where name.count <= longest && folded.contains(String(decoding: name, as: UTF8.self).caseFolded) {
            members[name] = nil
        }
    }

    /// The object as Go writes a map: members in the order of their names' bytes, values compact.
    var written: [UInt8] {
        var writer = JSONWriter()
        writer.raw("{")
        var isFirst = true
        for (name, value) in members.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if !isFirst { writer.raw(",") }
            isFirst = false
            writer.string(name)
            writer.raw(":")
            writer.compact(value)
        }
        writer.raw("}")
        return writer.bytes
    }

    /// Values have been read before, so there is no fault to find in them.
    private func reading<Value>(_ name: String, _ body: (inout JSONReader<JSONFault>) throws(JSONFault) -> Value?) -> Value? {
        guard let value = self[name] else { return nil }
        var reader = JSONReader<JSONFault>(value)
        return try? body(&reader)
    }
}

extension JSONReader {
    /// Reads any value; its bytes as they stand in the document.
    mutating func raw() throws(Refusal) -> [UInt8] {
        _ = try next()
        let start = position
        try skip()
        return Array(bytes[start..<position])
    }
}

extension JSONFault: JSONRefusal {
    init(_ fault: JSONFault) { self = fault }

    /// What is so of the document, as the end of a sentence.
    var words: String {
        switch self {
        case .notJSON: "is not valid JSON"
        case .notUnicode: "has text that is not valid Unicode"
        case .tooDeep: "is nested too deeply"
        case .duplicateKey(let key): "has the key \"\(key)\" twice in one object"
        }
    }
}

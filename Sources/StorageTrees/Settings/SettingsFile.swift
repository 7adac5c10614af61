import Yams

/// Why a settings file cannot be translated.
public struct SettingsRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence without a capital and a full stop.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A setting of another registry, as its file has it.
struct OldSetting: Equatable {
    enum Value: Equatable {
        case text(String)
        case list([String])
        /// Nothing, or `null`.
        case empty
    }

    /// The keys on the way, with dots between: `http.tls.certificate`.
    let path: String
    let value: Value
    /// From 1.
    let line: Int

    var text: String? { if case .text(let text) = value { text } else { nil } }
    /// As Go and Python read it.
    var isTrue: Bool { text.map { ["true", "yes", "on", "1"].contains($0.lowercased()) } ?? false }
}

/// The leaves of a YAML mapping. Anchors and merges (`<<`), which these files use, are followed; the file's size bounds what is read, and a
/// number of nodes what aliases can make of it.
struct SettingsFile {
    static let sizeLimit = 1 << 20
    private static let nodeLimit = 20_000
    private static let depthLimit = 32

    let root: Node.Mapping

    init(_ bytes: [UInt8]) throws(SettingsRefusal) {
        guard bytes.count <= Self.sizeLimit else { throw SettingsRefusal("it has more than \(Self.sizeLimit) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SettingsRefusal("it is not UTF-8") }
        let node: Node?
        do {
            node = try Parser(yaml: text, encoding: .utf8).singleRoot()
        } catch {
            throw SettingsRefusal("it is not YAML: \(error)")
        }
        guard let mapping = node?.mapping else { throw SettingsRefusal("it is no mapping of settings to values") }
        root = mapping
    }

    /// The mapping under a key of the first level, as of a flavour of docker-registry; nil if there is none.
    func section(_ name: String) -> Node.Mapping? { root[Node(name)]?.mapping }

    /// The names of the first level whose values are mappings.
    var sections: [String] { root.compactMap { key, value in value.mapping == nil ? nil : key.scalar?.string } }

    /// Whether a text stands under a key of the first level.
    func hasText(_ name: String) -> Bool { root[Node(name)]?.scalar != nil }

    static func settings(of mapping: Node.Mapping) throws(SettingsRefusal) -> [OldSetting] {
        var budget = nodeLimit
        var found: [OldSetting] = []
        try collect(Node.mapping(mapping), [], line: 0, &found, &budget)
        // Of a merge and the mapping's own keys, the latter count; they come first.
        var seen: Set<String> = []
        return found.filter { seen.insert($0.path).inserted }
    }

    private static func collect(
        _ node: Node, _ path: [String], line: Int, _ found: inout [OldSetting], _ budget: inout Int
    ) throws(SettingsRefusal) {
        budget -= 1
        guard budget > 0, path.count <= depthLimit else { throw SettingsRefusal("its aliases stand for too much") }
        func add(_ value: OldSetting.Value) { found.append(OldSetting(path: path.joined(separator: "."), value: value, line: line)) }
        switch node {
        case .scalar(let scalar):
            let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            add(isNull ? .empty : .text(scalar.string))
        case .sequence(let sequence):
            let texts = sequence.compactMap { $0.scalar?.string }
            if texts.count == sequence.count { return add(.list(texts)) }
            for (index, element) in sequence.enumerated() {
                try collect(element, path.dropLast() + ["\(path.last ?? "")[\(index)]"], line: line, &found, &budget)
            }
        case .mapping(let mapping):
            var merged: [Node] = []
            for (key, value) in mapping {
                guard let name = key.scalar?.string else { throw SettingsRefusal("line \(key.mark?.line ?? 0): a key has to be a name") }
                if name == "<<" {
                    merged += value.sequence.map { Array($0) } ?? [value]
                } else {
                    try collect(value, path + [name], line: key.mark?.line ?? line, &found, &budget)
                }
            }
            if mapping.isEmpty, !path.isEmpty { add(.empty) }
            for node in merged { try collect(node, path, line: line, &found, &budget) }
        case .alias: throw SettingsRefusal("line \(line): an alias names nothing")
        }
    }
}

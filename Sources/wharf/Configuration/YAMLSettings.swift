import Yams

/// The keys and values of a YAML file, as written.
struct YAMLSettings: Sendable {
    /// No sensible file comes near it: every setting with a paragraph of comment is some 10 KiB.
    static let sizeLimit = 256 * 1024

    struct Entry: Sendable, Hashable {
        let key: SettingKey
        let value: Value
        /// From 1.
        let line: Int
    }

    enum Value: Sendable, Hashable {
        case text(String)
        /// Nothing, or `~`, or `null`.
        case empty
        /// Nil when an element is no text.
        case list([String]?)
    }

    /// The leaves of the file's mapping, in order; none for a file without content.
    private(set) var entries: [Entry] = []
    /// What stands below those keys of the first level that are no settings but have a structure of their own.
    private(set) var sections: [YAMLSection] = []

    /// - Parameter structured: The keys of ``sections``.
    init(_ bytes: [UInt8], structured: Set<String> = []) throws(FileRefusal) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileRefusal(reason: "it is not UTF-8") }
        do {
            try Self.refuseAnchors(text)
            guard let root = try Self.parser(text).singleRoot(), !Self.isNull(root) else { return }
            guard let mapping = root.mapping else {
                throw FileRefusal(reason: "it has to be a mapping of settings to values, such as `listen: 127.0.0.1:5000`")
            }
            try collect(mapping, below: [], structured: structured)
        } catch let refusal as FileRefusal {
            throw refusal
        } catch {
            throw FileRefusal(reason: "it is not YAML: \(Self.describe(error))")
        }
    }

    /// A few lines of aliases can stand for more nodes than memory holds. Yams replaces each by what it stands for while it reads, so the
    /// text is first read with every `*` exchanged for a letter (of the private use area), which leaves no alias. Up to where the first
    /// alias was, nothing else has changed, so an anchor that it could name shows up.
    private static func refuseAnchors(_ text: String) throws {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return }
        var defused = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { defused.append(scalar == "*" ? "\u{e000}" : scalar) }
        let parser = try parser(String(defused))
        let root = try parser.singleRoot()
        // Nodes only hold their anchors weakly, and the parser holds them.
        if withExtendedLifetime(parser, { root.map(hasAnchor) == true }) {
            throw FileRefusal(reason: "anchors and aliases (`&name`, `*name`) are not accepted")
        }
    }

    private static func hasAnchor(_ node: Node) -> Bool {
        if node.anchor != nil { return true }
        switch node {
        case .mapping(let mapping): return mapping.contains { hasAnchor($0.key) || hasAnchor($0.value) }
        case .sequence(let sequence): return sequence.contains { hasAnchor($0) }
        case .scalar, .alias: return false
        }
    }

    private static func parser(_ text: String) throws -> Parser {
        // Without an explicit encoding, Yams looks for one in the environment.
        try Parser(yaml: text, encoding: .utf8)
    }

    private mutating func collect(_ mapping: Node.Mapping, below prefix: [String], structured: Set<String>) throws(FileRefusal) {
        for (keyNode, node) in mapping {
            let line = keyNode.mark?.line ?? 0
            guard let name = keyNode.scalar?.string else { throw FileRefusal(reason: "line \(line): a key has to be a name") }
            let path = prefix + [name]
            if prefix.isEmpty, structured.contains(name) {
                sections.append(YAMLSection(name: name, line: line, value: try YAMLValue(node)))
                continue
            }
            switch node {
            case .mapping(let mapping):
                try collect(mapping, below: path, structured: structured)
            case .scalar(let scalar):
                entries.append(Self.entry(path, Self.isNull(node) ? .empty : .text(scalar.string), line))
            case .sequence(let sequence):
                let texts = sequence.compactMap { Self.isNull($0) ? nil : $0.scalar?.string }
                entries.append(Self.entry(path, .list(texts.count == sequence.count ? texts : nil), line))
            case .alias:
                entries.append(Self.entry(path, .list(nil), line))
            }
        }
    }

    private static func entry(_ path: [String], _ value: Value, _ line: Int) -> Entry {
        Entry(key: SettingKey(path.joined(separator: ".")), value: value, line: line)
    }

    static func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func describe(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let names, let context):
            "line \(context.mark.line): \(names.joined(separator: ", ")) is there twice"
        case .reader(let problem, _, _, _): problem
        default: "\(error)"
        }
    }
}

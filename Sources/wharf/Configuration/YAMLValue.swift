import Yams

/// A value of a YAML file, with the line that it begins in, from 1.
struct YAMLValue: Sendable {
    indirect enum Content: Sendable {
        case text(String)
        /// Nothing, or `~`, or `null`.
        case empty
        case sequence([YAMLValue])
        /// No key is there twice; Yams sees to that.
        case mapping([YAMLSection])
    }

    let content: Content
    let line: Int

    /// - Throws: for a key that is no text.
    init(_ node: Node) throws(FileRefusal) {
        line = node.mark?.line ?? 0
        switch node {
        case .scalar(let scalar):
            content = YAMLSettings.isNull(node) ? .empty : .text(scalar.string)
        case .sequence(let sequence):
            var values: [YAMLValue] = []
            for node in sequence { values.append(try YAMLValue(node)) }
            content = .sequence(values)
        case .mapping(let mapping):
            var sections: [YAMLSection] = []
            for (key, node) in mapping {
                let line = key.mark?.line ?? 0
                guard let name = key.scalar?.string else { throw FileRefusal(reason: "line \(line): a key has to be a name") }
                sections.append(YAMLSection(name: name, line: line, value: try YAMLValue(node)))
            }
            content = .mapping(sections)
        case .alias:
            throw FileRefusal(reason: "anchors and aliases (`&name`, `*name`) are not accepted")
        }
    }
}

/// A key of a YAML file and what stands below it.
struct YAMLSection: Sendable {
    let name: String
    /// Of the key, from 1.
    let line: Int
    let value: YAMLValue
}

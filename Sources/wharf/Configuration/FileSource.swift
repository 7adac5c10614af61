import Configuration
import SystemPackage

/// What the YAML file says.
struct ConfigurationFile: Sendable {
    let source: SettingSource
    let rules: RuleSections

    /// `FileProvider<YAMLSnapshot>` of swift-configuration is not used: it reads a file of any size, follows aliases to any depth,
    /// cannot say which keys the file has, and forgets the lines. Yams gives all of that to ``YAMLSettings``.
    init(path: String, _ definitions: [SettingDefinition]) throws(ConfigurationError) {
        let yaml: YAMLSettings
        do {
            yaml = try YAMLSettings(
                BoundedFile.read(path, limit: YAMLSettings.sizeLimit), structured: Set(RuleSections.Name.allCases.map(\.rawValue)))
        } catch {
            throw ConfigurationError([.badFile(path: path, error.reason)])
        }
        var problems: [ConfigurationProblem] = []
        source = .file(path, yaml.entries, definitions, problems: &problems)
        rules = RuleSections(yaml.sections, path: path, problems: &problems)
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }
}

extension SettingSource {
    fileprivate static func file(
        _ path: String, _ entries: [YAMLSettings.Entry], _ definitions: [SettingDefinition], problems: inout [ConfigurationProblem]
    ) -> SettingSource {
        let allowed = definitions.filter(\.isAllowedInFile)
        let names = allowed.map { "\($0.key)" } + RuleSections.Name.allCases.map(\.rawValue)
        let known = Dictionary(allowed.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let sections = Set(allowed.flatMap { definition in definition.key.components.indices.map { definition.key.components[..<$0] } })
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        var lines: [SettingKey: Int] = [:]
        for entry in entries {
            let origin = Origin.file(path: path, line: entry.line)
            if sections.contains(entry.key.components[...]) {
                // `limits:` with everything below it commented out.
                if entry.value != .empty { problems.append(.notASection(entry.key, origin)) }
                continue
            }
            guard let definition = known[entry.key] else {
                problems.append(.unknownKey(entry.key, origin, nearest: nearest(to: "\(entry.key)", in: names)))
                continue
            }
            guard let text = entry.value.text(isList: definition.isList) else {
                problems.append(.notOneValue(definition, origin))
                continue
            }
            lines[entry.key] = entry.line
            if values.updateValue(ConfigValue(.string(text), isSecret: definition.isSecret), forKey: entry.key.absolute) != nil {
                problems.append(.repeated("\(entry.key) (\(origin))"))
            }
        }
        return SettingSource(
            provider: InMemoryProvider(name: "file", values: values),
            origin: { [lines] in .file(path: path, line: lines[$0] ?? 0) })
    }
}

extension YAMLSettings.Value {
    /// What a setting reads; a sequence only when it is a list.
    fileprivate func text(isList: Bool) -> String? {
        switch self {
        case .text(let text): text
        case .list(let texts?) where isList && !texts.isEmpty: texts.joined(separator: ",")
        case .list, .empty: nil
        }
    }
}

/// Why the file cannot be used.
struct FileRefusal: Error {
    let reason: String
}

enum BoundedFile {
    /// The whole file, which may be a pipe; more than `limit` bytes are refused and not read.
    static func read(_ path: String, limit: Int) throws(FileRefusal) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter {
                var bytes = [UInt8](repeating: 0, count: limit + 1)
                var count = 0
                while count <= limit {
                    let read = try bytes.withUnsafeMutableBytes {
                        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
                    }
                    guard read > 0 else { return Array(bytes[..<count]) }
                    count += read
                }
                throw FileRefusal(reason: "it has more than \(limit) bytes")
            }
        } catch let refusal as FileRefusal {
            throw refusal
        } catch {
            throw FileRefusal(reason: "it cannot be read: \(error)")
        }
    }
}

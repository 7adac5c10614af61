import Configuration
import SystemPackage

extension SettingSource {
    /// Reads the YAML file.
    ///
    /// `FileProvider<YAMLSnapshot>` of swift-configuration is not used: it reads a file of any size, follows aliases to any depth,
    /// cannot say which keys the file has, and forgets the lines. Yams gives all of that to ``YAMLSettings``.
    static func file(_ path: String, _ definitions: [SettingDefinition]) throws(ConfigurationError) -> SettingSource {
        let entries: [YAMLSettings.Entry]
        do {
            entries = try YAMLSettings.parse(BoundedFile.read(path, limit: YAMLSettings.sizeLimit))
        } catch {
            throw ConfigurationError([.badFile(path: path, error.reason)])
        }
        return try file(path, entries, definitions)
    }

    private static func file(
        _ path: String, _ entries: [YAMLSettings.Entry], _ definitions: [SettingDefinition]
    ) throws(ConfigurationError) -> SettingSource {
        let allowed = definitions.filter(\.isAllowedInFile)
        let known = Dictionary(allowed.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let sections = Set(allowed.flatMap { definition in definition.key.components.indices.map { definition.key.components[..<$0] } })
        var problems: [ConfigurationProblem] = []
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
                problems.append(.unknownKey(entry.key, origin, nearest: nearest(to: "\(entry.key)", in: allowed.map { "\($0.key)" })))
                continue
            }
            guard case .text(let text) = entry.value else {
                problems.append(.notOneValue(definition, origin))
                continue
            }
            lines[entry.key] = entry.line
            if values.updateValue(ConfigValue(.string(text), isSecret: definition.isSecret), forKey: entry.key.absolute) != nil {
                problems.append(.repeated("\(entry.key) (\(origin))"))
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return SettingSource(
            provider: InMemoryProvider(name: "file", values: values),
            origin: { [lines] in .file(path: path, line: lines[$0] ?? 0) })
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

import Foundation

@testable import wharf

/// A file of its own that is gone after the test.
func withFile<Result>(_ bytes: some Sequence<UInt8>, _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "wharf.yaml")
    try Data(bytes).write(to: file)
    return try body(file.path)
}

/// What loading the settings ends with: the messages, or none. Paths of files are written `FILE`.
func problems(
    flags: [String] = [], environment: [String: String] = [:], file: String? = nil, definitions: [SettingDefinition] = Settings.definitions
) -> [String] {
    func load(_ flags: [String], path: String) -> [String] {
        do {
            _ = try Configuration(Resolution.load(arguments: flags, environment: environment, definitions: definitions))
            return []
        } catch {
            return "\(error)".replacing(path, with: "FILE").split(separator: "\n").map(String.init)
        }
    }
    guard let file else { return load(flags, path: "FILE") }
    do {
        return try withFile(file.utf8) { load(flags + ["--config", $0], path: $0) }
    } catch {
        return ["\(error)"]
    }
}

/// The settings that are not at their defaults, as `key=value (origin)`.
func changes(flags: [String] = [], environment: [String: String] = [:], file: String? = nil) -> [String] {
    func load(_ flags: [String], path: String) throws -> [String] {
        try Resolution.load(arguments: flags, environment: environment).settings
            .filter { $0.origin != .defaultValue && $0.definition.key != Settings.config.key }
            .map { "\($0.definition.key)=\($0.value ?? "-") (\($0.origin))".replacing(path, with: "FILE") }
    }
    do {
        guard let file else { return try load(flags, path: "FILE") }
        return try withFile(file.utf8) { try load(flags + ["--config", $0], path: $0) }
    } catch {
        return ["\(error)"]
    }
}

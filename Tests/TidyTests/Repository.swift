import Foundation

/// The files of this repository, found from where this file lies.
enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File {
        /// From the root, as in `Sources/wharf/Main.swift`.
        let path: String
        let text: String
    }

    /// Everything below `folder` that somebody wrote by hand and that ends with one of `suffixes`, sorted.
    static func files(below folder: String, ending suffixes: [String] = [".swift"]) throws -> [File] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
        return try paths.sorted().filter { path in
            suffixes.contains { path.hasSuffix($0) } && !path.split(separator: "/").contains { $0.hasPrefix(".") || $0.hasPrefix("__") }
        }.map { try file("\(folder)/\($0)") }
    }

    static func file(_ path: String) throws -> File {
        File(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
    }

    static func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(at: root.appending(path: folder), includingPropertiesForKeys: [.isDirectoryKey])
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).sorted()
    }
}

extension Repository.File {
    /// Each line with its number, from 1.
    var lines: [(number: Int, text: Substring)] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.enumerated().map { ($0.offset + 1, $0.element) }
    }

    /// The text with the lines that are nothing but a comment left empty.
    var code: String {
        lines.map { line in
            line.text.drop { $0 == " " }.hasPrefix("//") ? "" : String(line.text)
        }.joined(separator: "\n")
    }
}

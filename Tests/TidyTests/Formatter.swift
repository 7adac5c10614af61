import Foundation

/// The formatter that comes with the toolchain.
enum Formatter {
    /// Its complaints about files and folders below `folder`, with the settings of this repository; nil when it has none.
    static func complaints(about paths: [String], in folder: URL) throws -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.currentDirectoryURL = folder
        process.arguments =
            [
                "swift", "format", "lint", "--strict", "--recursive", "--parallel", "--configuration",
                Repository.root.appending(path: ".swift-format").path,
            ] + paths
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? nil : text
    }
}

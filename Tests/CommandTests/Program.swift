import Foundation

/// The program itself, which is built beside the tests.
enum Program {
    struct Outcome: Equatable {
        let code: Int32
        let output: String
        let complaint: String
    }

    static var path: String {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "wharf").path
    }

    /// - Parameters:
    ///   - input: What it reads from standard input.
    ///   - launcher: A program that starts it, with the arguments before its name.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", launcher: [String] = []
    ) throws -> Outcome {
        let command = launcher + [path] + arguments
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = environment
        let (output, complaint, standardInput) = (Pipe(), Pipe(), Pipe())
        (process.standardOutput, process.standardError, process.standardInput) = (output, complaint, standardInput)
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let text = [output, complaint].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        process.waitUntilExit()
        return Outcome(code: process.terminationStatus, output: text[0], complaint: text[1])
    }
}

/// A data folder of its own, gone after the test.
struct DataDirectory {
    let path: String

    func run(_ arguments: String..., input: String = "") throws -> Program.Outcome {
        try Program.run(arguments + ["--data", path], input: input)
    }

    /// Runs what is only the way to the test.
    func prepare(_ arguments: String..., input: String = "") throws {
        let outcome = try Program.run(arguments + ["--data", path], input: input)
        guard outcome.code == 0 else { throw Failure(arguments: arguments, outcome: outcome) }
    }

    struct Failure: Error {
        let arguments: [String]
        let outcome: Program.Outcome
    }

    /// The lines of the audit log, each without the time and what is the same in all.
    func audited() throws -> [String] {
        let text = try String(contentsOfFile: "\(path)/audit.log", encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String] ?? [:]
            return [event["action"], event["target"], event["outcome"], event["detail"]].compactMap(\.self).joined(separator: " ")
        }
    }

    static func use(_ body: (DataDirectory) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(DataDirectory(path: folder.path))
    }
}

extension Program.Outcome {
    static func done(_ sentence: String) -> Program.Outcome { Program.Outcome(code: 0, output: sentence + "\n", complaint: "") }
    static func failed(_ reason: String) -> Program.Outcome { Program.Outcome(code: 1, output: "", complaint: "Error: \(reason)\n") }

    /// The output without times, which every run has anew.
    var timeless: String { output.replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "TIME") }
}

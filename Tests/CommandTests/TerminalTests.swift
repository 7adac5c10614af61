import Foundation
import Testing

@testable import wharf

/// `script` of util-linux gives the command a terminal of its own.
@Suite("Commands at a terminal", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
struct TerminalTests {
    /// Types each answer when its question is there.
    ///
    /// - Returns: The exit code, and what the terminal showed.
    private func type(_ command: String, _ conversation: [(question: String, answer: String)]) throws -> (code: Int32, shown: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/script")
        process.arguments = ["--quiet", "--return", "--command", command, "/dev/null"]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
        try process.run()
        var shown = ""
        func read() -> Bool {
            let more = output.fileHandleForReading.availableData
            shown += String(decoding: more, as: UTF8.self)
            return !more.isEmpty
        }
        var searched = shown.startIndex
        for (question, answer) in conversation {
            while !shown[searched...].contains(question), read() {}
            guard let found = shown[searched...].firstRange(of: question) else { break }
            searched = found.upperBound
            try input.fileHandleForWriting.write(contentsOf: Data(answer.utf8))
        }
        while read() {}
        process.waitUntilExit()
        try input.fileHandleForWriting.close()
        return (process.terminationStatus, shown.replacing("\r\n", with: "\n"))
    }

    @Test("a password is asked for twice, and never shown")
    func password() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let add = "'\(Program.path)' user add alice --email a@b.cd --data '\(data.path)'"
            let questions = ["Password of alice: ", "The same once more: "]
            func answered(_ first: String, _ second: String) throws -> (code: Int32, shown: String) {
                try type(add, [(questions[0], first), (questions[1], second)])
            }
            let different = try answered("hunter2\r", "hunter3\r")
            #expect(different.code == 1)
            #expect(different.shown == "\(questions[0])\n\(questions[1])\nError: the two passwords are not the same\n")
            let right = try answered("huntex\u{7f}r2\r", "hunter2\r")
            #expect(right.code == 0)
            #expect(right.shown == "\(questions[0])\n\(questions[1])\nalice has an account\n")
        }
    }

    @Test("Ctrl-C at the question ends the command, leaves the terminal as it was, and changes nothing")
    func interrupted() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            let add = "'\(Program.path)' user add alice --email a@b.cd --data '\(data.path)'"
            let outcome = try type(
                "stty sane; stty -a >'\(data.path).before'; \(add); echo code $?; stty -a >'\(data.path).after'",
                [("Password of alice: ", "hunt\u{3}")])
            #expect(outcome.shown.contains("code 130\n"))
            #expect(!outcome.shown.contains("hunt"))
            let settings = try ["before", "after"].map { try String(contentsOfFile: "\(data.path).\($0)", encoding: .utf8) }
            for name in ["before", "after"] { try FileManager.default.removeItem(atPath: "\(data.path).\(name)") }
            #expect(settings[0] == settings[1])
            #expect(settings[0].contains(" echo "))
            #expect(try data.run("user", "list").output.split(separator: "\n").count == 1)
        }
    }

    @Test("a repository is deleted once its name has been typed")
    func deletion() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "a@b.cd", "--password-stdin", input: "hunter2\n")
            try data.prepare("repo", "visibility", "tools", "public")
            let delete = "'\(Program.path)' repo delete tools --data '\(data.path)'"
            let question = "tools (0 tags, 0 images) will be gone for good. Type its name to delete it: "
            let kept = try type(delete, [(question, "y\r")])
            #expect(kept.code == 1)
            #expect(kept.shown.hasSuffix("Error: that is not its name: nothing is deleted\n"))
            #expect(try data.run("repo", "show", "tools").code == 0)
            let gone = try type(delete, [(question, "library/tools\r")])
            #expect(gone.code == 0)
            #expect(gone.shown.hasSuffix("tools is deleted\n"))
            #expect(try data.run("repo", "show", "tools").code == 1)
        }
    }
}

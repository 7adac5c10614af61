import Foundation
import Testing

@testable import wharf

/// Runs the program itself, which is built beside the tests.
@Suite("The command")
struct BinaryTests {
    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Program.Outcome {
        try Program.run(arguments, environment: environment)
    }

    @Test("`wharf version` is one line")
    func version() throws {
        let outcome = try run(["version"])
        #expect(outcome == Program.Outcome(code: 0, output: "wharf 0.1.0 (Swift \(Release.swift), \(Release.platform))\n", complaint: ""))
    }

    @Test("`wharf` alone shows the help, and so does --help")
    func help() throws {
        let outcome = try run([])
        #expect(outcome.code == 0)
        #expect(outcome.complaint == "")
        #expect(outcome.output.contains("USAGE: wharf <subcommand>"))
        #expect(try run(["--help"]) == outcome)
        let serve = try run(["serve", "--help"])
        #expect(serve.code == 0)
        #expect(serve.output.contains(HelpText.settings(Settings.definitions)))
    }

    @Test("`wharf config print` reads flags and environment")
    func configPrint() throws {
        let outcome = try run(["config", "print", "--log-level", "debug", "--format", "yaml"], environment: ["WHARF_DATA": "/x"])
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("listen: \"127.0.0.1:5000\"  # default\ndata: /x  # environment WHARF_DATA\n"))
        #expect(outcome.output.contains("log:\n  level: debug  # flag --log-level\n"))
        #expect(outcome.complaint == "")
    }

    @Test("`wharf config print` shows the settings that do not go together, and says so")
    func contradiction() throws {
        let outcome = try run(["config", "print", "--listen", "0.0.0.0:5000"])
        #expect(outcome.code == 2)
        #expect(outcome.output.contains("0.0.0.0:5000"))
        #expect(outcome.complaint.hasPrefix("Error: wharf does not listen on 0.0.0.0:5000 before"))
    }

    @Test("`wharf config print` warns of what is most likely not meant")
    func warning() throws {
        let outcome = try run(["config", "print", "--listen", "0.0.0.0:5000", "--auth", "accounts"])
        #expect(outcome.code == 0)
        #expect(outcome.complaint.hasPrefix("Warning: nobody can log in with a password from another machine, "))
    }

    @Test("`wharf config reference` prints the page")
    func reference() throws {
        #expect(
            try run(["config", "reference"]) == Program.Outcome(code: 0, output: Reference.markdown(Settings.definitions), complaint: ""))
    }

    @Test("mistakes end with exit code 2 and one line each on standard error")
    func mistakes() throws {
        #expect(
            try run(["serve", "--lisen", "a", "b"])
                == Program.Outcome(
                    code: 2, output: "",
                    complaint: "Error: unknown flag `--lisen`; did you mean --listen?\n"
                        + "Error: unexpected argument `b`: settings are given as --name value\n"))
        #expect(
            try run(["serve", "--listen", "0.0.0.0:0"]).complaint.hasPrefix("Error: wharf does not listen on 0.0.0.0:0 before"))
        #expect(
            try run(["serve"], environment: ["WHARF_DATAA": "/x"])
                == Program.Outcome(
                    code: 2, output: "", complaint: "Error: unknown environment variable `WHARF_DATAA`; did you mean WHARF_DATA?\n"))
        for arguments in [["nonsense"], ["version", "--loud"], ["config", "print", "--format", "xml"]] {
            let outcome = try run(arguments)
            #expect(outcome.code == 2)
            #expect(outcome.complaint.hasPrefix("Error: "))
            #expect(outcome.output == "")
        }
    }
}

import ArgumentParser
import FoundationEssentials

extension Config {
    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every setting, its value, and where it came from.",
            usage: "wharf config print [--format table|yaml|json] [--config FILE] [--<setting> <value> ...]",
            discussion: "Takes the flags of `wharf serve`, and reads the same environment and file. Secrets are not shown.")

        @Option(help: "How to show them.")
        var format: PrintedSettings.Format = .table

        @Argument(parsing: .allUnrecognized, help: .hidden)
        var settings: [String] = []

        func run() throws {
            let resolution = try Resolution.load(arguments: settings, environment: ProcessInfo.processInfo.environment)
            print(try PrintedSettings.text(resolution, as: format), terminator: "")
            // Shown first, so that one sees what does not go together.
            for warning in try Configuration(resolution).warnings { StandardError.write("Warning: \(warning)\n") }
        }
    }
}

extension PrintedSettings.Format: ExpressibleByArgument {}

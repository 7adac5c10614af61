import ArgumentParser
import FoundationEssentials
import Glibc

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the registry.",
        usage: "wharf serve [--listen HOST:PORT] [--data DIR] [--config FILE] [--<setting> <value> ...]",
        discussion: """
            Every flag is also a variable of the environment (--log-level: WHARF_LOG_LEVEL) and a key of the YAML file that --config names \
            (log: {level: ...}). Flags win over the environment, which wins over the file. The file can also have `rules` and `groups`: \
            `wharf config reference` describes them.

            SETTINGS:
            \(HelpText.settings(Settings.definitions))
            """)

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        // A peer that goes away, or whoever reads the log, must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let resolution = try Resolution.load(arguments: settings, environment: ProcessInfo.processInfo.environment)
        try await Assembly.serve(Configuration(resolution))
    }
}

import ArgumentParser

@main
struct Wharf: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A container registry and index for Docker and OCI clients of every age.",
        discussion: "`wharf serve` starts it on http://127.0.0.1:5000, with everything it stores in ./data.",
        subcommands: [
            Serve.self, UserCommand.self, KeyCommand.self, OrganizationCommand.self, MemberCommand.self, RepositoryCommand.self,
            TokenCommand.self, ImportCommand.self, Sweep.self, Config.self, Check.self, Version.self,
        ])

    /// Exit codes: 0 well, 1 failed, 2 called or configured wrongly.
    static func main() async {
        do {
            var command = try await asyncParseAsRoot(SettingFlags.last(Array(CommandLine.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as ConfigurationError {
            for problem in error.problems { complain("\(ConfigurationError([problem]))") }
            exit(withError: ExitCode(2))
        } catch let error as WrongUsage {
            complain("\(error)")
            exit(withError: ExitCode(2))
        } catch {
            let code = exitCode(for: error)
            if code.isSuccess { exit(withError: error) }
            complain(fullMessage(for: error))
            exit(withError: code == .validationFailure ? ExitCode(2) : code)
        }
    }

    private static func complain(_ message: String) {
        guard !message.isEmpty else { return }
        let line = message.hasPrefix("Error: ") ? message : "Error: \(message)"
        StandardError.write(line + "\n")
    }
}

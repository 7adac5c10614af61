import ArgumentParser

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the configuration.",
        subcommands: [Print.self, ReferencePage.self])
}

import ArgumentParser

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the configuration, or translate another registry's.",
        subcommands: [Print.self, ReferencePage.self, Import.self])
}

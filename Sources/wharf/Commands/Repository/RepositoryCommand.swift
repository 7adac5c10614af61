import ArgumentParser

/// `wharf repo`
struct RepositoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repo", abstract: "Look after repositories.",
        discussion: "Works on the data folder, also while a server runs, and counts from its next request on.",
        subcommands: [List.self, Show.self, Describe.self, SetVisibility.self, Star.self, Official.self, Delete.self])

    static let nameHelp: ArgumentHelp = "The repository, as in team/app; tools is library/tools."
}

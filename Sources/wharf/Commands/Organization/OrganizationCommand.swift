import ArgumentParser

/// `wharf org`
struct OrganizationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Look after organizations: namespaces that several users share.",
        discussion: "Works on the data folder, also while a server runs, and counts from its next request on.",
        subcommands: [Create.self, List.self, Delete.self])
}

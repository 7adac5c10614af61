import ArgumentParser

/// `wharf key`
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Look after API keys, which stand for a user's password and can do less.",
        discussion: "Works on the data folder, also while a server runs, and counts from its next request on.",
        subcommands: [Create.self, List.self, Revoke.self])
}

import ArgumentParser

/// `wharf token`
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Look after the keys that sign the tokens of v2.",
        discussion: "Works on the data folder, also while a server runs, which sees a change within a minute.",
        subcommands: [RotateKey.self])
}

import ArgumentParser

/// `wharf user`
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Look after accounts.",
        discussion: "Works on the data folder, also while a server runs, and counts from its next request on.",
        subcommands: [Add.self, List.self, Disable.self, Enable.self, Passwd.self, Admin.self, Invite.self])
}

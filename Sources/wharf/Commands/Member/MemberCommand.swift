import ArgumentParser

/// `wharf member`
struct MemberCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "Say who works in an organization, or with one repository.",
        discussion: """
            WHERE is the name of an organization, or a repository as in team/app, with which somebody else then may work too.
            Works on the data folder, also while a server runs, and counts from its next request on.
            """,
        subcommands: [Add.self, Remove.self, List.self])

    static let whereHelp: ArgumentHelp = "An organization, or a repository as in team/app."
}

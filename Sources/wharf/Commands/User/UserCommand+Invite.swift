import ArgumentParser
import ImageModel
import ImageRegistry

extension UserCommand {
    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let somebody make an account, when registration is by invitation.",
            discussion: "Prints the code of the invitation, which is shown this once. It is good for one account with that address.")

        @Argument(help: "Whom.", transform: Grammar.emailAddress)
        var email: EmailAddress

        @Option(
            help: ArgumentHelp("How long the invitation is good, as in 12h. Without it: 7d.", valueName: "time"),
            transform: Grammar.lifetime)
        var expires: Int64 = 7 * 86_400

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("user.invite", email.text) { registry in
                let end = registry.now() + expires
                let code = try await registry.invite(email, expiresAt: end)
                return .secret(code, "\(email) may register until \(Listing.time(end)) with this code, which is shown this once:")
            }
        }
    }
}

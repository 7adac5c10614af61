import ArgumentParser
import ImageModel
import ImageRegistry

extension UserCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an account, which may be used at once.",
            discussion: "Asks for the password. It may be called before the first `wharf serve`, so that the first administrator is there.")

        @Argument(
            help: "4 to 30 small letters, digits and underscores; also the namespace of the user's repositories.",
            transform: Grammar.userName)
        var name: UserName

        @Option(help: ArgumentHelp("The user's e-mail address.", valueName: "address"), transform: Grammar.emailAddress)
        var email: EmailAddress

        @Flag(help: "The user administers the whole registry.")
        var admin = false

        @OptionGroup var password: PasswordSource
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("user.add", name.text, detail: admin ? "administrator" : nil, isMade: true) { registry in
                let taken = CommandFailure("the name \(name) or the address \(email) is somebody's already")
                // Before anybody types a password for nothing.
                guard try await !registry.isTaken(name: name, email: email) else { throw taken }
                let hash = try password.read(for: name.text)
                do {
                    try await registry.addUser(name, email: email, passwordHash: hash, isAdministrator: admin, state: .active)
                } catch RegistryError.nameTaken {
                    throw taken
                }
                return .done("\(name) has an account" + (admin ? " and administers the registry" : ""))
            }
        }
    }
}

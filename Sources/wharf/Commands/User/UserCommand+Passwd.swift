import ArgumentParser
import ImageModel
import ImageRegistry

extension UserCommand {
    struct Passwd: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an account a new password.",
            discussion: "The old one, and tokens that were given for it, count no more. Keys stay.")

        @Argument(help: "The user.", transform: Grammar.userName)
        var name: UserName

        @OptionGroup var password: PasswordSource
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("user.password", name.text, about: Subject(user: name)) { registry in
                // Before anybody types a password for nothing.
                _ = try await registry.user(name)
                try await registry.setPassword(password.read(for: name.text), of: name)
                return .done("\(name) has a new password")
            }
        }
    }
}

import ArgumentParser
import ImageModel
import ImageRegistry

extension UserCommand {
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let an account be used that was disabled or not confirmed.")

        @Argument(help: "The user.", transform: Grammar.userName)
        var name: UserName

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("user.enable", name.text, about: Subject(user: name)) { registry in
                try await registry.setState(.active, of: name)
                return .done("\(name) is active")
            }
        }
    }
}

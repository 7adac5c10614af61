import ArgumentParser
import ImageModel
import ImageRegistry

extension UserCommand {
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let an account be used no longer.", discussion: "Its password, keys and tokens count no more. Nothing is deleted.")

        @Argument(help: "The user.", transform: Grammar.userName)
        var name: UserName

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("user.disable", name.text, about: Subject(user: name)) { registry in
                try await registry.setState(.disabled, of: name)
                return .done("\(name) is disabled")
            }
        }
    }
}

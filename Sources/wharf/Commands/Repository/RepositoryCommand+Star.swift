import ArgumentParser
import ImageModel
import ImageRegistry

extension RepositoryCommand {
    struct Star: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a repository a user's star, or take it back.")

        @Argument(help: RepositoryCommand.nameHelp, transform: Grammar.repositoryName)
        var name: RepositoryName

        @Argument(help: "Whose star.", transform: Grammar.userName)
        var user: UserName

        @Flag(help: "Take it back.")
        var remove = false

        @OptionGroup var data: DataOptions

        func run() async throws {
            let detail = user.text + (remove ? " removed" : "")
            try await data.change("repository.star", name.text, detail: detail, about: Subject(user: user, repository: name)) { registry in
                try await registry.setStar(!remove, by: user, on: name)
                let count = try await registry.repository(name).starCount
                return .done("\(name.shown) has \(count) \(count == 1 ? "star" : "stars")")
            }
        }
    }
}

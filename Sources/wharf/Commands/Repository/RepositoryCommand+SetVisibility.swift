import ArgumentParser
import ImageModel
import ImageRegistry

extension RepositoryCommand {
    struct SetVisibility: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "visibility", abstract: "Make a repository public or private.",
            discussion: "A repository that is not there is made, so that it can be private before its first push.")

        @Argument(help: RepositoryCommand.nameHelp, transform: Grammar.repositoryName)
        var name: RepositoryName

        @Argument(help: "Which.")
        var visibility: Visibility

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("repository.visibility", name.text, detail: visibility.rawValue) { registry in
                try await registry.setPrivate(visibility == .private, name)
                return .done("\(name.shown) is \(visibility.rawValue)")
            }
        }
    }
}

import ArgumentParser
import ImageModel
import ImageRegistry

extension RepositoryCommand {
    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set the description that a search shows and finds.")

        @Argument(help: RepositoryCommand.nameHelp, transform: Grammar.repositoryName)
        var name: RepositoryName

        @Argument(help: "One line; '' for none.", transform: Grammar.description)
        var text: String

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("repository.describe", name.text, detail: text, about: Subject(repository: name)) { registry in
                try await registry.describe(name, text)
                return .done("\(name.shown) has " + (text.isEmpty ? "no description" : "a new description"))
            }
        }
    }
}

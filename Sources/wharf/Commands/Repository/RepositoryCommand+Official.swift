import ArgumentParser
import ImageModel
import ImageRegistry

extension RepositoryCommand {
    struct Official: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say whether a search marks a repository as official.")

        @Argument(help: RepositoryCommand.nameHelp, transform: Grammar.repositoryName)
        var name: RepositoryName

        @Argument(help: "Whether.")
        var value: OnOff

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("repository.official", name.text, detail: value.rawValue, about: Subject(repository: name)) { registry in
                try await registry.setOfficial(value == .on, name)
                return .done("\(name.shown) is " + (value == .on ? "official" : "not official"))
            }
        }
    }
}

import ArgumentParser
import ImageModel
import ImageRegistry

extension RepositoryCommand {
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a repository with its tags and images.", discussion: "Asks for the name once more. There is no way back.")

        @Argument(help: RepositoryCommand.nameHelp, transform: Grammar.repositoryName)
        var name: RepositoryName

        @Flag(help: "Do not ask.")
        var yes = false

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("repository.delete", name.text, about: Subject(repository: name)) { registry in
                let summary = try await registry.repository(name)
                if !yes { try confirm("\(summary.tagCount) tags, \(summary.imageCount) images") }
                try await registry.delete(name)
                return .done("\(name.shown) is deleted")
            }
        }

        private func confirm(_ contents: String) throws {
            guard let terminal = Terminal.open() else { throw WrongUsage("there is no terminal to ask whether it is meant: write --yes") }
            defer { terminal.close() }
            let answer = try terminal.ask("\(name.shown) (\(contents)) will be gone for good. Type its name to delete it: ")
            guard answer.flatMap({ RepositoryName($0) }) == name else { throw CommandFailure("that is not its name: nothing is deleted") }
        }
    }
}

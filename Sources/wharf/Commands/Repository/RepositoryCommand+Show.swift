import ArgumentParser
import ImageModel
import ImageRegistry

extension RepositoryCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one repository, and who works with it besides its owner.")

        @Argument(help: RepositoryCommand.nameHelp, transform: Grammar.repositoryName)
        var name: RepositoryName

        @Option(help: "How to show it.")
        var format: ListFormat = .table

        @OptionGroup var data: DataOptions

        func run() async throws {
            let shown = try await data.read(about: Subject(repository: name)) { registry in
                Shown(
                    repository: Row(try await registry.repository(name)),
                    collaborators: try await registry.collaborators(on: name).map(MemberCommand.Row.init))
            }
            switch format {
            case .table: print(shown.table, terminator: "")
            case .json: print(try Listing.json(shown), terminator: "")
            }
        }
    }

    struct Shown: Encodable {
        let repository: Row
        let collaborators: [MemberCommand.Row]

        private enum CodingKeys: CodingKey {
            case collaborators
        }

        /// The keys of the list, and one more.
        func encode(to encoder: any Encoder) throws {
            try repository.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(collaborators, forKey: .collaborators)
        }

        /// A line for each.
        var table: String {
            let members = collaborators.map { "\($0.user) (\($0.access))" }.joined(separator: " ")
            let lines = zip(Row.titles, repository.cells).map { [$0, $1] } + [["COLLABORATORS", members]]
            return Table.text([], lines)
        }
    }
}

import ArgumentParser
import ImageModel
import ImageRegistry

extension RepositoryCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the repositories.")

        @Option(help: "Only those of one namespace.", transform: Grammar.namespace)
        var namespace: String?

        @Option(help: "How to show them.")
        var format: ListFormat = .table

        @OptionGroup var data: DataOptions

        func run() async throws {
            let repositories = try await data.read { try await $0.repositories(in: namespace) }
            print(try Listing.text(repositories.map(Row.init), as: format), terminator: "")
        }
    }

    struct Row: Listed {
        let name: String
        let description: String
        let isPrivate: Bool
        let isOfficial: Bool
        let starCount: Int
        let tagCount: Int
        let imageCount: Int
        let createdAt: String

        init(_ repository: RepositorySummary) {
            name = repository.name.text
            description = repository.description
            isPrivate = repository.isPrivate
            isOfficial = repository.isOfficial
            starCount = repository.starCount
            tagCount = repository.tagCount
            imageCount = repository.imageCount
            createdAt = Listing.time(repository.createdAt)
        }

        var visibility: String { (isPrivate ? Visibility.private : .public).rawValue }

        static let titles = ["NAME", "VISIBILITY", "TAGS", "IMAGES", "STARS", "OFFICIAL", "SINCE", "DESCRIPTION"]
        var cells: [String] {
            [name, visibility, "\(tagCount)", "\(imageCount)", "\(starCount)", isOfficial ? "yes" : "no", createdAt, description]
        }
    }
}

import ArgumentParser
import ImageModel
import ImageRegistry

extension OrganizationCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the organizations.")

        @Option(help: "How to show them.")
        var format: ListFormat = .table

        @OptionGroup var data: DataOptions

        func run() async throws {
            let rows = try await data.read { try await $0.organizations().map { Row(name: $0.text) } }
            print(try Listing.text(rows, as: format), terminator: "")
        }
    }

    struct Row: Listed {
        let name: String

        static let titles = ["NAME"]
        var cells: [String] { [name] }
    }
}

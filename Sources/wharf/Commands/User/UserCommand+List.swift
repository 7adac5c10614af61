import ArgumentParser
import ImageModel
import ImageRegistry

extension UserCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts.")

        @Option(help: "How to show them.")
        var format: ListFormat = .table

        @OptionGroup var data: DataOptions

        func run() async throws {
            let users = try await data.read { try await $0.users() }
            print(try Listing.text(users.map(Row.init), as: format), terminator: "")
        }
    }

    struct Row: Listed {
        let name: String
        let emails: [String]
        let state: String
        let isAdministrator: Bool
        let createdAt: String

        init(_ user: User) {
            name = user.name.text
            emails = user.emails.map(\.text)
            state = user.state.rawValue
            isAdministrator = user.isAdministrator
            createdAt = Listing.time(user.createdAt)
        }

        static let titles = ["NAME", "STATE", "ADMINISTRATOR", "E-MAIL", "SINCE"]
        var cells: [String] { [name, state, isAdministrator ? "yes" : "no", emails.joined(separator: " "), createdAt] }
    }
}

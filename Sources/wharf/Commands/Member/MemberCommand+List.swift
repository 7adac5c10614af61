import ArgumentParser
import ImageModel
import ImageRegistry

extension MemberCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List who works there.")

        @Argument(help: MemberCommand.whereHelp, transform: Grammar.workplace)
        var `where`: Workplace

        @Option(help: "How to show them.")
        var format: ListFormat = .table

        @OptionGroup var data: DataOptions

        func run() async throws {
            let members = try await data.read(about: `where`.subject()) { registry in
                switch `where` {
                case .organization(let name): try await registry.members(of: name)
                case .repository(let name): try await registry.collaborators(on: name)
                }
            }
            print(try Listing.text(members.map(Row.init), as: format), terminator: "")
        }
    }

    struct Row: Listed {
        let user: String
        let access: String

        init(_ member: Member) {
            user = member.user.text
            access = member.access.rawValue
        }

        static let titles = ["USER", "ACCESS"]
        var cells: [String] { [user, access] }
    }
}

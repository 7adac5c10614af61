import ArgumentParser
import ImageModel
import ImageRegistry

extension MemberCommand {
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let somebody work there no longer.")

        @Argument(help: MemberCommand.whereHelp, transform: Grammar.workplace)
        var `where`: Workplace

        @Argument(help: "Whom.", transform: Grammar.userName)
        var user: UserName

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("member.remove", `where`.shown, detail: user.text, about: `where`.subject(user)) { registry in
                do {
                    switch `where` {
                    case .organization(let name): try await registry.removeMember(user, of: name)
                    case .repository(let name): try await registry.removeCollaborator(user, on: name)
                    }
                } catch RegistryError.userUnknown {
                    throw CommandFailure("\(user) is no member of \(`where`.shown)")
                }
                return .done("\(user) is no longer a member of \(`where`.shown)")
            }
        }
    }
}

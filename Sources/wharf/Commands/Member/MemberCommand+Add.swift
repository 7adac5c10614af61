import ArgumentParser
import ImageModel
import ImageRegistry

extension MemberCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take somebody in, or change what they may do.")

        @Argument(help: MemberCommand.whereHelp, transform: Grammar.workplace)
        var `where`: Workplace

        @Argument(help: "Whom.", transform: Grammar.userName)
        var user: UserName

        @Option(
            help:
                "What they may do: read (pull), write (push as well), admin (delete, and say who may see it and work with it). Without it: read.",
            transform: Grammar.access)
        var access: Access = .read

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("member.add", `where`.shown, detail: "\(user) \(access.rawValue)", about: `where`.subject(user)) {
                registry in
                switch `where` {
                case .organization(let name): try await registry.setMember(user, access, of: name)
                case .repository(let name): try await registry.setCollaborator(user, access, on: name)
                }
                return .done("\(user) may \(access.permission) in \(`where`.shown)")
            }
        }
    }
}

extension Workplace {
    func subject(_ user: UserName? = nil) -> Subject {
        switch self {
        case .organization(let name): Subject(user: user, organization: name)
        case .repository(let name): Subject(user: user, repository: name)
        }
    }
}

import ArgumentParser
import ImageModel
import ImageRegistry

extension UserCommand {
    struct Admin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say whether a user administers the whole registry.")

        @Argument(help: "The user.", transform: Grammar.userName)
        var name: UserName

        @Argument(help: "Whether.")
        var value: OnOff

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("user.admin", name.text, detail: value.rawValue, about: Subject(user: name)) { registry in
                try await registry.setAdministrator(value == .on, name)
                return .done("\(name) " + (value == .on ? "administers the registry" : "does not administer the registry"))
            }
        }
    }
}

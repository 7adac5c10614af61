import ArgumentParser
import ImageModel
import ImageRegistry

extension KeyCommand {
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a key back.", discussion: "It counts no more, and neither do tokens that were given for it.")

        @Argument(help: "Whose it is.", transform: Grammar.userName)
        var user: UserName

        @Argument(help: "The key's name.", transform: Grammar.keyName)
        var name: String

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("key.revoke", "\(user)/\(name)", about: Subject(user: user, key: name)) { registry in
                try await registry.revokeKey(named: name, of: user)
                return .done("the key \(name) of \(user) is revoked")
            }
        }
    }
}

import ArgumentParser
import ImageModel
import ImageRegistry

extension KeyCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it, this once.", discussion: "It can do what its user can do, but no more than is said here.")

        @Argument(help: "Whose it will be.", transform: Grammar.userName)
        var user: UserName

        @Option(help: "What it is for: 1 to 64 letters, digits, `_`, `-` and `.`.", transform: Grammar.keyName)
        var name: String

        @Option(
            help: "What it may do at most: read (pull), write (push as well), admin (whatever its user may). Without it: read.",
            transform: Grammar.access)
        var access: Access = .read

        @Option(
            help: ArgumentHelp(
                "The repositories that it is for; * stands for any run of characters. It may be given several times; without it: all.",
                valueName: "pattern"), transform: Grammar.pattern)
        var repository: [RepositoryPattern] = []

        @Option(
            help: ArgumentHelp("How long it is good, as in 30d. Without it: until it is revoked.", valueName: "time"),
            transform: Grammar.lifetime)
        var expires: Int64?

        @OptionGroup var data: DataOptions

        func run() async throws {
            let detail = ([access.rawValue] + repository.map(\.description)).joined(separator: " ")
            try await data.change("key.create", "\(user)/\(name)", detail: detail, about: Subject(user: user)) { registry in
                let end = expires.map { registry.now() + $0 }
                do {
                    let key = try await registry.createKey(named: name, for: user, access: access, repositories: repository, expiresAt: end)
                    return .secret(key, sentence(until: end))
                } catch RegistryError.nameTaken {
                    throw CommandFailure("\(user) has a key \(name) already: revoke it first, or take another name")
                }
            }
        }

        private func sentence(until end: Int64?) -> String {
            let what = repository.isEmpty ? "" : " in \(repository.map(\.description).joined(separator: " "))"
            let when = end.map { " until \(Listing.time($0))" } ?? ""
            return "whoever has this key, which is shown this once, may \(access.permission)\(what) for \(user)\(when):"
        }
    }
}

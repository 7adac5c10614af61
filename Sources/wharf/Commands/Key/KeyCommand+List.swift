import ArgumentParser
import ImageModel
import ImageRegistry

extension KeyCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List a user's keys, without what is secret of them.")

        @Argument(help: "Whose.", transform: Grammar.userName)
        var user: UserName

        @Option(help: "How to show them.")
        var format: ListFormat = .table

        @OptionGroup var data: DataOptions

        func run() async throws {
            let rows = try await data.read(about: Subject(user: user)) { registry in
                let now = registry.now()
                return try await registry.keys(of: user).map { Row($0, now: now) }
            }
            print(try Listing.text(rows, as: format), terminator: "")
        }
    }

    struct Row: Listed {
        let name: String
        let access: String
        let repositories: [String]
        let createdAt: String
        let expiresAt: String?
        let isExpired: Bool

        init(_ key: APIKey, now: Int64) {
            name = key.name
            access = key.access.rawValue
            repositories = key.repositories.map(\.description)
            createdAt = Listing.time(key.createdAt)
            expiresAt = key.expiresAt.map(Listing.time)
            isExpired = key.isExpired(at: now)
        }

        private enum CodingKeys: CodingKey {
            case name, access, repositories, createdAt, expiresAt, isExpired
        }

        /// By hand, as every key is there, with null for one that does not expire.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(access, forKey: .access)
            try container.encode(repositories, forKey: .repositories)
            try container.encode(createdAt, forKey: .createdAt)
            try container.encode(expiresAt, forKey: .expiresAt)
            try container.encode(isExpired, forKey: .isExpired)
        }

        static let titles = ["NAME", "ACCESS", "REPOSITORIES", "CREATED", "EXPIRES"]
        var cells: [String] {
            [
                name, access, repositories.isEmpty ? "all" : repositories.joined(separator: " "), createdAt,
                (expiresAt ?? "never") + (isExpired ? " (expired)" : ""),
            ]
        }
    }
}

import ImageModel
import ImageRegistry

/// The sections `groups` and `rules` of the file, as written.
struct RuleSections: Sendable, Equatable {
    enum Name: String, CaseIterable, Sendable {
        case groups, rules
    }

    struct Group: Sendable, Equatable {
        let name: String
        /// At least one.
        let members: [String]
    }

    enum Who: Sendable, Hashable {
        case named(String)
        /// A group of the file.
        case group(String)
        /// Everybody who is logged in.
        case users
        /// Everybody at all.
        case anonymous
    }

    enum Action: String, CaseIterable, Sendable {
        case pull, push, delete
    }

    /// Of each list at least one element.
    struct Rule: Sendable, Equatable {
        let repositories: [RepositoryPattern]
        let who: [Who]
        let actions: [Action]
        let origin: Origin
    }

    let groups: [Group]
    let rules: [Rule]
    /// Where each section begins; nil for one that is not there.
    let origins: [Name: Origin]

    /// As without a file.
    init() {
        groups = []
        rules = []
        origins = [:]
    }

    /// - Parameter problems: Gets everything that is wrong with them; then the result means nothing.
    init(_ sections: [YAMLSection], path: String, problems: inout [ConfigurationProblem]) {
        var reader = RuleReader(path: path)
        var origins: [Name: Origin] = [:]
        var found: [Name: YAMLSection] = [:]
        for section in sections {
            guard let name = Name(rawValue: section.name) else { continue }
            origins[name] = .file(path: path, line: section.line)
            found[name] = section
        }
        groups = found[.groups].map { reader.groups($0) } ?? []
        rules = found[.rules].map { [groups] in reader.rules($0, groups: Set(groups.map(\.name))) } ?? []
        self.origins = origins
        problems += reader.problems
    }

    /// With names in the place of groups.
    var resolved: [AccessRule] {
        let members = Dictionary(groups.map { ($0.name, $0.members) }, uniquingKeysWith: { first, _ in first })
        return rules.map { rule in
            let who = rule.who.flatMap { who -> [AccessRule.Who] in
                switch who {
                case .named(let name): [.named(name)]
                case .group(let name): (members[name] ?? []).map { .named($0) }
                case .users: [.users]
                case .anonymous: [.anonymous]
                }
            }
            return AccessRule(
                repositories: rule.repositories, who: Set(who), access: rule.actions.map(\.access).max() ?? .read)
        }
    }
}

extension RuleSections.Action {
    var access: Access {
        switch self {
        case .pull: .read
        case .push: .write
        case .delete: .admin
        }
    }
}

extension RuleSections.Who: CustomStringConvertible {
    var description: String {
        switch self {
        case .named(let name): name
        case .group(let name): "@\(name)"
        case .users: "users"
        case .anonymous: "anonymous"
        }
    }
}

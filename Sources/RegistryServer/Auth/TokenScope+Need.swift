import ImageModel
import ImageRegistry
import RegistryWire

/// What the actions of a bearer token's scopes let its holder do.
extension TokenScope {
    enum Action {
        static let pull = "pull"
        static let push = "push"
        static let delete = "delete"
        static let all = "*"
        /// Of the catalog.
        static let search = "search"
    }

    /// What the scope leaves of its holder's rights to see and to add to its repository; nil when that is nothing, as of one to delete.
    var cap: Caller.Cap? {
        guard case .repository(let name) = resource else { return nil }
        let access: Access
        if actions.contains(Action.all) {
            access = .admin
        } else if actions.contains(Action.push) {
            access = .write
        } else if actions.contains(Action.pull) {
            access = .read
        } else {
            return nil
        }
        return Caller.Cap(access: access, repositories: [RepositoryPattern(name)])
    }

    /// Whether it is for this, whatever its holder may do. Who pushes reads what is there already.
    func allows(_ need: Need, on name: RepositoryName) -> Bool {
        guard resource == .repository(name) else { return false }
        let sufficient: Set<String> =
            switch need {
            case .read: [Action.pull, Action.push, Action.all]
            case .write: [Action.push, Action.all]
            case .delete: [Action.delete, Action.all]
            case .administer, .deleteRepository: [Action.all]
            }
        return !actions.isDisjoint(with: sufficient)
    }

    /// Whether it is for seeing which repositories there are. Engines ask for `search` before they search (v1.md §2.8).
    var isForLists: Bool {
        resource == .registry("catalog") && !actions.isDisjoint(with: [Action.all, Action.search])
    }
}

extension Caller.Cap {
    /// To read whatever the user may read.
    static let reading = Caller.Cap(access: .read, repositories: nil)
}

extension AuthenticatedCaller {
    /// As whom to look up a right on a repository. A bearer token is compared by its scopes apart (``isGiven(_:on:)``), because its actions
    /// are no steps of one ladder.
    var holder: Caller { scopes == nil ? caller : caller.withoutToken }

    /// Whether the bearer token, if one was shown, was given for this. The holder's rights are another question.
    func isGiven(_ need: Need, on name: RepositoryName) -> Bool {
        scopes?.contains { $0.allows(need, on: name) } ?? true
    }
}

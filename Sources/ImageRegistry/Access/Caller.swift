public import ImageModel

/// Who asks, and what their credential allows at most.
public struct Caller: Hashable, Sendable {
    public enum Identity: Hashable, Sendable {
        /// Accounts are off: everybody may do everything.
        case anyone
        case anonymous
        /// Somebody with an account in the catalog.
        case user(UserName, id: Int64, isAdministrator: Bool)
        /// Somebody whom the password file lists.
        case listed(String, isAdministrator: Bool)
        /// Somebody whom an index has given a token; this registry knows no accounts.
        case holder(String)
    }

    /// What a key or a token leaves of its user's rights.
    public struct Cap: Hashable, Sendable {
        public let access: Access
        /// Nil: every repository.
        public let repositories: [RepositoryPattern]?

        public init(access: Access, repositories: [RepositoryPattern]?) {
            self.access = access
            self.repositories = repositories
        }

        func concerns(_ name: RepositoryName) -> Bool { repositories?.contains { $0.matches(name) } ?? true }
    }

    public let identity: Identity
    /// What the API key that was shown leaves of the user's rights; nil: none was.
    public let key: Cap?
    /// What the token that was shown leaves of them: what any of these does, so nothing when there are none; nil: none was shown.
    public let token: [Cap]?

    public init(_ identity: Identity, key: Cap? = nil, token: [Cap]? = nil) {
        self.identity = identity
        self.key = key
        self.token = token
    }

    public static let anyone = Caller(.anyone)
    public static let anonymous = Caller(.anonymous)

    /// The name by which the caller is known; nil for nobody in particular.
    public var name: String? {
        switch identity {
        case .anyone, .anonymous: nil
        case .user(let name, _, _): name.text
        case .listed(let name, _), .holder(let name): name
        }
    }

    /// Whether the caller administers the whole registry, with this credential.
    public var isAdministrator: Bool {
        let isOne: Bool =
            switch identity {
            case .anyone: true
            case .user(_, _, let isAdministrator), .listed(_, let isAdministrator): isAdministrator
            case .anonymous, .holder: false
            }
        return isOne && isUncapped
    }

    /// Whether the credential can do all that its user may.
    public var isUncapped: Bool {
        caps.allSatisfy { alternatives in alternatives.contains { $0.access == .admin && $0.repositories == nil } }
    }

    /// Whether the credential is good for whatever repository its user may write to. Only such a one may leave images that name none:
    /// any later push of the user's could take them up.
    public var isForAnyRepository: Bool { identity != .anonymous && key?.repositories == nil }

    /// As before a token narrowed the user's rights to its repository.
    public var withoutToken: Caller { Caller(identity, key: key) }

    /// All of these count, and of each the one that leaves most.
    var caps: [[Cap]] { [key.map { [$0] }, token].compactMap(\.self) }

    /// `access`, as far as the credential goes.
    func capped(_ access: Access?, to name: RepositoryName) -> Access? {
        caps.reduce(access) { access, alternatives in
            guard let access, let most = alternatives.filter({ $0.concerns(name) }).map(\.access).max() else { return nil }
            return min(access, most)
        }
    }
}

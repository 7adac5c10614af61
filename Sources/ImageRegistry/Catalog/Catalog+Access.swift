import Database
import ImageModel

/// Who may do what. Both questions are answered here, side by side, because they must never disagree: what one caller may do with one
/// repository, and which repositories one caller may pull.
extension Catalog {
    /// The highest access of `caller` to the repository, whether it exists or not; nil when there is none.
    func access(of caller: Caller, to name: RepositoryName) throws -> Access? {
        let own: Access? =
            switch caller.identity {
            case .anyone, .holder: .admin
            case .anonymous: try publicAccess(to: name, isAllowed: policy.allowsAnonymousPull)
            case .listed(_, let isAdministrator):
                isAdministrator || policy.rules.isEmpty ? .admin : try publicAccess(to: name, isAllowed: true)
            case .user(let user, let id, let isAdministrator):
                isAdministrator || name.namespace == user.text
                    ? .admin : try [publicAccess(to: name, isAllowed: true), memberAccess(of: id, to: name)].compactMap(\.self).max()
            }
        let granted = policy.rules.filter { rule in rule.concerns(caller) && rule.repositories.contains { $0.matches(name) } }.map(\.access)
        return caller.capped((granted + [own].compactMap(\.self)).max(), to: name)
    }

    /// Which repositories `caller` may pull, as a condition on `repository`; those that stand for unclaimed images are none.
    func readable(by caller: Caller) -> SQL {
        let own: [SQL] =
            switch caller.identity {
            case .anyone, .holder: ["1 = 1"]
            case .anonymous: policy.allowsAnonymousPull ? [Self.isPublic] : []
            case .listed(_, let isAdministrator): isAdministrator || policy.rules.isEmpty ? ["1 = 1"] : [Self.isPublic]
            case .user(let user, let id, let isAdministrator):
                isAdministrator
                    ? ["1 = 1"]
                    : [
                        Self.isPublic,
                        "repository.name >= \("\(user)/") AND repository.name < \("\(user)0")",
                        """
                        EXISTS (SELECT 1 FROM member JOIN namespace ON namespace.id = member.organization_id
                            WHERE member.user_id = \(id)
                                AND repository.name >= namespace.name || '/' AND repository.name < namespace.name || '0')
                        """,
                        "repository.id IN (SELECT repository_id FROM collaborator WHERE user_id = \(id))",
                    ]
            }
        let granted = policy.rules.filter { $0.concerns(caller) }.flatMap(\.repositories).map(Self.matches)
        let caps = caller.caps.compactMap { alternatives -> SQL? in
            let repositories = alternatives.compactMap(\.repositories)
            // One alternative without a list leaves every repository; no alternative leaves none.
            return repositories.count < alternatives.count ? nil : Self.any(repositories.joined().map(Self.matches))
        }
        return SQL.joined([Self.any(own + granted), Self.isClaimed] + caps, by: " AND ")
    }

    /// A name from `a/` up to, but not with, `a0` begins with `a/`, because `0` follows `/`: the index on names finds these.
    private static let isPublic: SQL = "repository.is_private = 0"
    static let isClaimed: SQL = "substr(repository.name, 1, 1) <> '~'"

    private static func any(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "1 = 0" : "(\(SQL.joined(conditions.map { "(\($0))" }, by: " OR ")))"
    }

    private static func matches(_ pattern: RepositoryPattern) -> SQL {
        guard pattern.pieces.count > 1 else { return "repository.name = \(pattern.description)" }
        return "repository.name LIKE \(pattern.pieces.map(Self.pattern).joined(separator: "%")) ESCAPE '\\'"
    }

    private func publicAccess(to name: RepositoryName, isAllowed: Bool) throws -> Access? {
        guard isAllowed, let repository = try repository(name), !repository.isPrivate else { return nil }
        return .read
    }

    /// By membership in the organization whose namespace it is, and by collaboration.
    private func memberAccess(of user: Int64, to name: RepositoryName) throws -> Access? {
        try connection.rows(
            """
            SELECT member.access FROM member JOIN namespace ON namespace.id = member.organization_id
            WHERE namespace.name = \(String(name.namespace)) AND member.user_id = \(user)
            UNION ALL
            SELECT collaborator.access FROM collaborator JOIN repository ON repository.id = collaborator.repository_id
            WHERE repository.name = \(name.text) AND collaborator.user_id = \(user)
            """
        ).map { try Self.access($0) }.max()
    }

    static func access(_ row: Row) throws -> Access {
        guard let access = Access(rawValue: try row.text("access")) else { throw Row.Mismatch(column: "access", expected: "an access") }
        return access
    }
}

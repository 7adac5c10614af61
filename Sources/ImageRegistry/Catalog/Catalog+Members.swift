import Database
import ImageModel

extension Catalog {
    func organizations() throws -> [UserName] {
        try connection.rows("SELECT name FROM namespace WHERE kind = 'organization' ORDER BY name").map {
            try UserName(column: "name", of: $0)
        }
    }

    func organization(_ name: UserName) throws -> Int64? {
        try connection.row("SELECT id FROM namespace WHERE name = \(name.text) AND kind = 'organization'")?.integer("id")
    }

    /// Whether there is a repository in the namespace.
    func hasRepositories(_ namespace: UserName) throws -> Bool {
        try connection.row(
            "SELECT id FROM repository WHERE name >= \("\(namespace)/") AND name < \("\(namespace)0") LIMIT 1") != nil
    }

    func removeOrganization(_ organization: Int64) throws {
        try connection.run("DELETE FROM namespace WHERE id = \(organization) AND kind = 'organization'")
    }

    func members(of organization: Int64) throws -> [Member] {
        try connection.rows(
            """
            SELECT namespace.name, member.access FROM member JOIN namespace ON namespace.id = member.user_id
            WHERE member.organization_id = \(organization) ORDER BY namespace.name
            """
        ).map(member)
    }

    func setMember(_ user: Int64, _ access: Access, of organization: Int64) throws {
        try connection.run(
            """
            INSERT INTO member (organization_id, user_id, access) VALUES (\(organization), \(user), \(access.rawValue))
            ON CONFLICT (organization_id, user_id) DO UPDATE SET access = excluded.access
            """)
    }

    func removeMember(_ user: Int64, of organization: Int64) throws -> Bool {
        try connection.run("DELETE FROM member WHERE organization_id = \(organization) AND user_id = \(user)") == 1
    }

    func collaborators(on repository: Int64) throws -> [Member] {
        try connection.rows(
            """
            SELECT namespace.name, collaborator.access FROM collaborator JOIN namespace ON namespace.id = collaborator.user_id
            WHERE collaborator.repository_id = \(repository) ORDER BY namespace.name
            """
        ).map(member)
    }

    func setCollaborator(_ user: Int64, _ access: Access, on repository: Int64) throws {
        try connection.run(
            """
            INSERT INTO collaborator (repository_id, user_id, access) VALUES (\(repository), \(user), \(access.rawValue))
            ON CONFLICT (repository_id, user_id) DO UPDATE SET access = excluded.access
            """)
    }

    func removeCollaborator(_ user: Int64, on repository: Int64) throws -> Bool {
        try connection.run("DELETE FROM collaborator WHERE repository_id = \(repository) AND user_id = \(user)") == 1
    }

    private func member(_ row: Row) throws -> Member { Member(user: try UserName(column: "name", of: row), access: try Self.access(row)) }
}

import Credentials
import Database
import ImageModel

extension Catalog {
    private static let userColumns: SQL = """
        SELECT namespace.id, namespace.name, namespace.created_at, user_account.state, user_account.is_administrator, user_account.password
        FROM user_account JOIN namespace ON namespace.id = user_account.id
        """

    /// Takes the name for a user or an organization. Nil when somebody has it.
    func addNamespace(_ name: UserName, kind: String, at time: Int64) throws -> Int64? {
        let added = try connection.run(
            "INSERT INTO namespace (name, kind, created_at) VALUES (\(name.text), \(kind), \(time)) ON CONFLICT (name) DO NOTHING")
        return added == 1 ? try connection.row("SELECT id FROM namespace WHERE name = \(name.text)")?.integer("id") : nil
    }

    func isTaken(_ name: UserName) throws -> Bool {
        try connection.row("SELECT id FROM namespace WHERE name = \(name.text)") != nil
    }

    func isTaken(_ address: EmailAddress) throws -> Bool {
        try connection.row("SELECT user_id FROM user_email WHERE folded = \(address.folded)") != nil
    }

    func addUser(_ id: Int64, password: PasswordHash, state: UserState, isAdministrator: Bool) throws {
        try connection.run(
            """
            INSERT INTO user_account (id, password, state, is_administrator)
            VALUES (\(id), \(password.text), \(state.rawValue), \(isAdministrator))
            """)
    }

    /// False when somebody has the address.
    func addEmail(_ address: EmailAddress, of user: Int64, confirmedAt: Int64?, at time: Int64) throws -> Bool {
        try connection.run(
            """
            INSERT INTO user_email (folded, address, user_id, added_at, confirmed_at)
            VALUES (\(address.folded), \(address.text), \(user), \(time), \(confirmedAt)) ON CONFLICT (folded) DO NOTHING
            """) == 1
    }

    /// Confirms an address of the user's. False when the user has none such.
    func confirmEmail(_ address: EmailAddress, of user: Int64, at time: Int64) throws -> Bool {
        try connection.run(
            """
            UPDATE user_email SET confirmed_at = coalesce(confirmed_at, \(time))
            WHERE folded = \(address.folded) AND user_id = \(user)
            """) == 1
    }

    func isEmail(_ address: EmailAddress, of user: Int64) throws -> Bool {
        try connection.row("SELECT user_id FROM user_email WHERE folded = \(address.folded) AND user_id = \(user)") != nil
    }

    func credential(of name: UserName) throws -> UserCredential? {
        try connection.row("\(Self.userColumns) WHERE namespace.name = \(name.text)").map { row in
            let user = try UserName(column: "name", of: row)
            guard let password = PasswordHash(try row.text("password")) else {
                throw Row.Mismatch(column: "password", expected: "the hash of a password")
            }
            return UserCredential(
                id: try row.integer("id"), name: user, state: try Self.state(row), isAdministrator: try row.bool("is_administrator"),
                password: password)
        }
    }

    func users() throws -> [User] {
        var emails: [Int64: [EmailAddress]] = [:]
        for row in try connection.rows("SELECT user_id, address FROM user_email ORDER BY added_at, folded") {
            guard let address = EmailAddress(try row.text("address")) else { continue }
            emails[try row.integer("user_id"), default: []].append(address)
        }
        return try connection.rows("\(Self.userColumns) ORDER BY namespace.name").map { row in
            User(
                name: try UserName(column: "name", of: row), emails: emails[try row.integer("id")] ?? [],
                isAdministrator: try row.bool("is_administrator"), state: try Self.state(row), createdAt: try row.integer("created_at"))
        }
    }

    func hasUsers() throws -> Bool { try connection.row("SELECT id FROM user_account LIMIT 1") != nil }

    func setState(_ state: UserState, of user: Int64) throws {
        try connection.run("UPDATE user_account SET state = \(state.rawValue) WHERE id = \(user)")
    }

    func setAdministrator(_ isAdministrator: Bool, of user: Int64) throws {
        try connection.run("UPDATE user_account SET is_administrator = \(isAdministrator) WHERE id = \(user)")
    }

    func setPassword(_ hash: PasswordHash, of user: Int64) throws {
        try connection.run("UPDATE user_account SET password = \(hash.text) WHERE id = \(user)")
    }

    /// Removes an account as if it had never been; only one that nobody could have used yet.
    func removeUser(_ user: Int64) throws {
        try connection.run("DELETE FROM namespace WHERE id = \(user)")
    }

    // MARK: - Invitations

    func invite(_ address: EmailAddress, digest: [UInt8], expiresAt: Int64) throws {
        try connection.run(
            "INSERT INTO invitation (digest, address, expires_at) VALUES (\(digest), \(address.folded), \(expiresAt))")
    }

    /// Uses an invitation up. False when there is none such, for that address and still good.
    func useInvitation(_ digest: [UInt8], for address: EmailAddress, at time: Int64) throws -> Bool {
        try connection.run(
            "DELETE FROM invitation WHERE digest = \(digest) AND address = \(address.folded) AND expires_at > \(time)") == 1
    }

    func isInvited(_ digest: [UInt8], address: EmailAddress, at time: Int64) throws -> Bool {
        try connection.row(
            "SELECT digest FROM invitation WHERE digest = \(digest) AND address = \(address.folded) AND expires_at > \(time)") != nil
    }

    private static func state(_ row: Row) throws -> UserState {
        guard let state = UserState(rawValue: try row.text("state")) else { throw Row.Mismatch(column: "state", expected: "a state") }
        return state
    }
}

extension UserName {
    init(column: String, of row: Row) throws {
        guard let name = UserName(try row.text(column)) else { throw Row.Mismatch(column: column, expected: "the name of a user") }
        self = name
    }
}

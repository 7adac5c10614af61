/// How callers show who they are.
enum Authentication: String, CaseIterable, Sendable {
    /// Not at all: whoever reaches the server may do everything.
    case none
    /// With the accounts in the catalog.
    case accounts
    /// With names and passwords of a file that the operator keeps.
    case passwordFile = "password_file"
    /// With tokens of an index; this server knows nobody itself.
    case index
    /// With tokens of a token server elsewhere; this server knows nobody itself.
    case tokenServer = "token-server"
}

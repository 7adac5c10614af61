/// What is kept of a password, in the catalog or in a password file.
public enum StoredPassword: Sendable, Equatable {
    case scrypt(PasswordHash)
    case bcrypt(CryptHash)

    /// What was stored; another password, or the same one set again, has another text.
    public var text: String {
        switch self {
        case .scrypt(let hash): hash.text
        case .bcrypt(let hash): hash.text
        }
    }

    /// Whether `password` is the one. Blocks the thread.
    public func matches(_ password: String) -> Bool {
        switch self {
        case .scrypt(let hash): hash.matches(password)
        case .bcrypt(let hash): hash.matches(password)
        }
    }
}

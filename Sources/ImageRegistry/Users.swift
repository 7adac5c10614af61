public import Credentials
public import ImageModel

/// What an account may be used for.
public enum UserState: String, Sendable, CaseIterable {
    case active
    /// The e-mail address has not been confirmed, or no administrator has let the user in yet.
    case unconfirmed
    case disabled
}

public struct User: Sendable, Equatable {
    public let name: UserName
    /// The oldest first.
    public let emails: [EmailAddress]
    public let isAdministrator: Bool
    public let state: UserState
    /// Seconds since 1970.
    public let createdAt: Int64
}

/// A named credential of a user's that can do less than the user, and be revoked alone. Its secret is shown once and kept as a sum.
public struct APIKey: Sendable, Equatable {
    public let name: String
    public let access: Access
    /// Empty: all repositories.
    public let repositories: [RepositoryPattern]
    /// Seconds since 1970.
    public let createdAt: Int64
    /// Seconds since 1970; nil: never.
    public let expiresAt: Int64?

    public func isExpired(at time: Int64) -> Bool { expiresAt.map { $0 <= time } ?? false }
}

/// Somebody who works with an organization's repositories, or with one repository.
public struct Member: Sendable, Equatable {
    public let user: UserName
    public let access: Access

    public init(user: UserName, access: Access) {
        self.user = user
        self.access = access
    }
}

/// What is stored of a user that credentials are checked against; read for every request.
public struct UserCredential: Sendable {
    public let id: Int64
    public let name: UserName
    public let state: UserState
    public let isAdministrator: Bool
    public let password: PasswordHash
}

/// What is stored of an API key that it is checked against.
public struct KeyCredential: Sendable {
    public let id: Int64
    public let key: APIKey
    /// The sum of the key's text.
    public let digest: [UInt8]
}

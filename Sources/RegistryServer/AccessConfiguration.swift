public import Credentials
public import ImageModel
public import RegistryClient
public import RegistryWire

/// Who is let in, and how they show who they are.
public struct AccessConfiguration: Sendable {
    /// Who knows the users.
    public enum Authority: Sendable {
        /// Nobody: everybody may do everything.
        case none
        /// The catalog's accounts.
        case accounts
        /// A password file, as it is at this moment; and who of those in it administers.
        case passwordFile(@Sendable () -> PasswordFile, administrators: Set<String>)
        /// An index whose tokens are proven by the key shared with it.
        case index
        /// An index that is asked about each token (v1.md §2.6).
        case asking(IndexClient)
        /// A token server: whoever shows one of its tokens may do what that says, whatever the catalog knows.
        case tokenServer(OutsideTokenServer)
    }

    /// Which half of the protocol is served (DESIGN §4).
    public enum Role: String, Sendable, CaseIterable {
        case all, index, registry
    }

    public let authority: Authority
    public let role: Role
    /// The key that tokens, cookies and links are signed with; an index and its registries share it. At least 32 bytes.
    public let tokenKey: [UInt8]
    /// Seconds after which a token that is not used is dead.
    public let tokenLife: Int64
    /// Seconds after which any token is dead.
    public let tokenTotalLife: Int64
    /// Addresses that are let in; empty: all.
    public let allowedAddresses: [AddressBlock]
    /// Proxies whose word on the client is believed.
    public let trustedProxies: [AddressBlock]
    /// Whether passwords are taken over plain HTTP from other hosts.
    public let takesCleartextCredentials: Bool
    public let checker: PasswordChecker
    public let throttle: LoginThrottle
    public let registration: Registration
    public let accessTokens: AccessTokenConfiguration

    /// - Parameter accessTokens: of no account when a token server elsewhere makes them.
    public init(
        authority: Authority, role: Role = .all, tokenKey: [UInt8], tokenLife: Int64 = 4 * 3600, tokenTotalLife: Int64 = 24 * 3600,
        allowedAddresses: [AddressBlock] = [], trustedProxies: [AddressBlock] = [], takesCleartextCredentials: Bool = false,
        checker: PasswordChecker, throttle: LoginThrottle, registration: Registration = .closed,
        accessTokens: AccessTokenConfiguration = AccessTokenConfiguration()
    ) {
        self.authority = authority
        self.role = role
        self.tokenKey = tokenKey
        self.tokenLife = tokenLife
        self.tokenTotalLife = tokenTotalLife
        self.allowedAddresses = allowedAddresses
        self.trustedProxies = trustedProxies
        self.takesCleartextCredentials = takesCleartextCredentials
        self.checker = checker
        self.throttle = throttle
        self.registration = registration
        self.accessTokens = if case .tokenServer(let server) = authority { AccessTokenConfiguration(server) } else { accessTokens }
    }

    /// Whether only another server can say that a credential is still good.
    var asksIndex: Bool { if case .asking = authority { true } else { false } }
    /// Whether any password could be right here.
    var knowsPasswords: Bool {
        switch authority {
        case .accounts, .passwordFile: true
        case .none, .index, .asking, .tokenServer: false
        }
    }

    var isOpen: Bool { if case .none = authority { true } else { false } }
}

/// Whether people may make accounts for themselves.
public struct Registration: Sendable {
    public enum Admission: String, Sendable, CaseIterable {
        case open, invitation, closed
    }

    /// What it takes for a new account to become active.
    public enum Activation: Sendable {
        case atOnce
        /// An administrator's hand.
        case administrator
        /// A link that is mailed and good for so many seconds.
        case mail(@Sendable (ConfirmationMail) async throws -> Void, linkLife: Int64, externalURL: String)
    }

    public let admission: Admission
    public let activation: Activation

    public init(admission: Admission, activation: Activation) {
        self.admission = admission
        self.activation = activation
    }

    public static let closed = Registration(admission: .closed, activation: .atOnce)
}

/// What is mailed to somebody who has to confirm an address.
public struct ConfirmationMail: Sendable, Equatable {
    public let to: EmailAddress
    public let user: String
    public let link: String
    /// Seconds for which the link is good.
    public let linkLife: Int64
}

import ImageRegistry
import RegistryWire

/// A caller whose credential was found good.
struct AuthenticatedCaller: Sendable {
    /// How the caller is known, as the audit log names it.
    enum Means: Hashable, Sendable, CustomStringConvertible {
        case nothing
        case password
        case key(String)
        case certificate
        case token
        case cookie
        case bearer

        var description: String {
            switch self {
            case .nothing: "-"
            case .password: "password"
            case .key(let name): "key \(name)"
            case .certificate: "certificate"
            case .token: "token"
            case .cookie: "cookie"
            case .bearer: "access token"
            }
        }
    }

    let caller: Caller
    /// As whom lists of repositories are made: a bearer token may be good for lists of more than it is good to pull.
    let lister: Caller
    let means: Means
    /// What a token that is handed to this caller is bound to.
    let binding: TokenBinding
    /// The token that the request showed, proven unless accounts are off.
    let token: RepositoryToken?
    /// What the bearer token was given for; nil: none was shown.
    let scopes: [TokenScope]?
    /// Seconds since 1970 until which the credential is good by itself; nil: for good.
    let validUntil: Int64?
    /// The image ids that an index names for the token's repository; nil when no index was asked.
    let declaredImages: Set<String>?

    init(
        _ caller: Caller, by means: Means, binding: TokenBinding = .nobody, token: RepositoryToken? = nil, validUntil: Int64? = nil,
        declaredImages: Set<String>? = nil
    ) {
        self.caller = caller
        lister = caller
        self.means = means
        self.binding = binding
        self.token = token
        scopes = nil
        self.validUntil = validUntil
        self.declaredImages = declaredImages
    }

    /// The holder of a bearer token.
    ///
    /// - Parameter key: the API key that the token stands on.
    init(
        _ identity: Caller.Identity, key: Caller.Cap? = nil, binding: TokenBinding, scopes: [TokenScope], validUntil: Int64
    ) {
        let caps = scopes.compactMap(\.cap)
        caller = Caller(identity, key: key, token: caps)
        lister = Caller(identity, key: key, token: scopes.contains(where: \.isForLists) ? caps + [.reading] : caps)
        means = .bearer
        self.binding = binding
        token = nil
        self.scopes = scopes
        self.validUntil = validUntil
        declaredImages = nil
    }

    static let anonymous = AuthenticatedCaller(.anonymous, by: .nothing)
}

/// Whom a token speaks for, and the credential that it was given for: it dies with that.
struct TokenBinding: Hashable, Sendable {
    /// Empty: nobody in particular.
    let name: String
    /// The API key, or nil for the password.
    let key: Int64?
    /// Changes when the stored credential does.
    let stamp: [UInt8]

    static let nobody = TokenBinding(name: "", key: nil, stamp: [UInt8](repeating: 0, count: stampLength))
    static let stampLength = 8
}

import FoundationEssentials
import RegistryWire

/// What a request shows in `Authorization` (v1.md §3.3).
enum PresentedCredential: Hashable {
    /// No field, `Basic Og==` (nobody and no password, which engines without a login send) or a bare `Token`.
    case none
    case basic(user: String, password: String)
    case token(RepositoryToken)
    /// An access token of Docker's token authentication (RFC 6750 §2.1), not looked into.
    case bearer(String)
    /// A scheme that is unknown here, or a value that is not what its scheme says.
    case unreadable

    init(_ field: String?) {
        let text = (field ?? "").drop { $0 == " " }
        let scheme = text.prefix { $0 != " " }.lowercased()
        let rest = text.dropFirst(scheme.count).drop { $0 == " " }
        switch scheme {
        case "": self = .none
        case "token" where rest.isEmpty: self = .none
        case "basic": self = Self.basic(rest)
        case "bearer" where !rest.isEmpty: self = .bearer(String(rest.prefix { $0 != " " }))
        default: self = RepositoryToken(text).map(Self.token) ?? .unreadable
        }
    }

    /// Control characters are none of a name's or a password's (RFC 7617 §2).
    private static func basic(_ text: Substring) -> PresentedCredential {
        let encoded = text.prefix { $0 != " " }
        guard let data = Data(base64Encoded: String(encoded)), let decoded = String(validating: data, as: UTF8.self),
            let colon = decoded.firstIndex(of: ":"), !decoded.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        else { return .unreadable }
        let user = String(decoded[..<colon])
        let password = String(decoded[decoded.index(after: colon)...])
        return user.isEmpty && password.isEmpty ? .none : .basic(user: user, password: password)
    }
}

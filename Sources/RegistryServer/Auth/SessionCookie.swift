import HTTPTypes
import ImageModel
import RegistryWire

/// The token once more, as a cookie: for the calls of a client that keeps cookies and sends no token (Registry and Index, "Authentication").
enum SessionCookie {
    static let name = "wharf-session"

    /// The value of `Set-Cookie`. Not for scripts, not for requests that another site causes.
    static func field(_ token: RepositoryToken, seconds: Int64, isSecure: Bool) -> String {
        let value = "\(token.signature)/\(token.access.rawValue)/\(token.repository)"
        return "\(name)=\(value); Path=/v1/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }

    /// The token in the request's cookies. None when a page of another site may have caused the request: engines send neither of the fields
    /// that tell so, browsers do.
    static func token(in headers: HTTPFields) -> RepositoryToken? {
        guard headers[.origin] == nil, ["same-origin", "none", nil].contains(headers[.secFetchSite]) else { return nil }
        for pair in headers[values: .cookie].flatMap({ $0.split(separator: ";") }) {
            let halves = pair.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0].drop(while: { $0 == " " }) == name else { continue }
            let parts = halves[1].split(separator: "/", maxSplits: 2)
            guard parts.count == 3, let access = RepositoryToken.Access(rawValue: String(parts[1])), let name = RepositoryName(parts[2])
            else {
                return nil
            }
            return RepositoryToken(signature: String(parts[0]), repository: name, access: access)
        }
        return nil
    }
}

/// The value of `WWW-Authenticate` (RFC 9110 §11.6.1).
public enum Challenge {
    /// Why a token that was shown is not enough (RFC 6750 §3.1).
    public enum Problem: String, Sendable {
        case invalidToken = "invalid_token"
        case insufficientScope = "insufficient_scope"
    }

    /// `Bearer realm="…",service="…",scope="…",error="…"`, where the last two may be left out (Docker's "Token Authentication
    /// Specification").
    ///
    /// Nil when the realm or the service has a control character, which no field may carry and nothing can escape.
    public static func bearer(realm: String, service: String, scopes: [TokenScope], error: Problem? = nil) -> String? {
        guard let realm = quoted(realm), let service = quoted(service) else { return nil }
        var text = "Bearer realm=\(realm),service=\(service)"
        // Scopes are made of characters that need no escape.
        if !scopes.isEmpty { text += ",scope=\"\(scopes.map(\.description).joined(separator: " "))\"" }
        if let error { text += ",error=\"\(error.rawValue)\"" }
        return text
    }

    /// A quoted string (RFC 9110 §5.6.4).
    private static func quoted(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return nil }
        return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}

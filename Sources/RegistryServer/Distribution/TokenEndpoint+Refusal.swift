import FoundationEssentials
import HTTPTypes
import RegistryWire

extension TokenEndpoint {
    enum Refusal: Error, Hashable {
        /// It cannot be read.
        case query
        /// The token is wanted for another service than this.
        case service(String)
    }

    private struct Row {
        let status: HTTPResponse.Status
        let code: DistributionErrorCode
        let message: String
        /// RFC 6749 §5.2.
        let error: String

        init(_ status: HTTPResponse.Status, _ code: DistributionErrorCode, _ error: String, _ message: String) {
            self.status = status
            self.code = code
            self.message = message
            self.error = error
        }
    }

    /// The answer to a request that is refused.
    ///
    /// - Parameter isGrant: whether the client expects the errors of OAuth 2 too.
    /// - Throws: `error` itself when it is no refusal.
    func refusal(for error: any Error, isGrant: Bool, claim: String?) throws -> Answer {
        let row: Row
        switch error {
        case let error as AccessRefusal: row = Self.row(for: error)
        case let error as Refusal: row = Self.row(for: error)
        case let error as TokenGrantRequest.Refusal: row = Self.row(for: error)
        default: throw error
        }
        var fields = Self.unkept
        if row.status == .unauthorized { fields[.wwwAuthenticate] = "Basic realm=\"wharf\"" }
        if row.status == .serviceUnavailable { fields[.retryAfter] = "5" }
        let errors = DistributionErrors(DistributionError(row.code, row.message)).json
        // One object with the members of both.
        let opening = isGrant ? Array(try JSONEncoder().encode(OAuthError(error: row.error)).dropLast()) + [UInt8(ascii: ",")] : []
        return Answer(
            status: row.status, body: isGrant ? opening + errors.dropFirst() : errors, fields: fields, caller: .anonymous, claim: claim)
    }

    private struct OAuthError: Encodable {
        let error: String
    }

    private static func row(for refusal: AccessRefusal) -> Row {
        switch refusal {
        case .loginRequired: Row(.unauthorized, .unauthorized, "invalid_grant", "authentication required")
        case .credentialsWrong:
            Row(
                .unauthorized, .unauthorized, "invalid_grant",
                "incorrect username or password, or the token or key has expired or was revoked")
        case .accountInactive: Row(.forbidden, .denied, "invalid_grant", "the account is not active")
        case .permissionDenied: Row(.forbidden, .denied, "access_denied", "requested access to the resource is denied")
        case .cleartextCredentials:
            Row(
                .badRequest, .unsupported, "invalid_request",
                "passwords are not taken over plain HTTP: use https, or let the operator set cleartext_credentials or trusted_proxies")
        case .addressRefused: Row(.forbidden, .denied, "access_denied", "requests from this address are not let in")
        case .tooManyLogins:
            Row(.serviceUnavailable, .tooManyRequests, "temporarily_unavailable", "too many logins at once, try again in a moment")
        case .tooBusy:
            Row(.serviceUnavailable, .tooManyRequests, "temporarily_unavailable", "too many such requests at once, try again in a moment")
        case .indexUnreachable:
            Row(.serviceUnavailable, .unsupported, "temporarily_unavailable", "the index does not answer, try again later")
        }
    }

    private static func row(for refusal: Refusal) -> Row {
        switch refusal {
        case .query: Row(.badRequest, .unsupported, "invalid_request", "invalid query")
        case .service(let ours): Row(.badRequest, .unsupported, "invalid_target", "tokens of this server are for the service \(ours)")
        }
    }

    private static func row(for refusal: TokenGrantRequest.Refusal) -> Row {
        switch refusal {
        case .tooLarge:
            Row(.contentTooLarge, .unsupported, "invalid_request", "the body is larger than \(TokenGrantRequest.lengthLimit) bytes")
        case .malformed: Row(.badRequest, .unsupported, "invalid_request", "the body is no form")
        case .repeated(let name): Row(.badRequest, .unsupported, "invalid_request", "the form has \(name) twice")
        case .missing(let name): Row(.badRequest, .unsupported, "invalid_request", "the form lacks \(name)")
        case .grantTypeUnsupported:
            Row(.badRequest, .unsupported, "unsupported_grant_type", "grant_type has to be password or refresh_token")
        }
    }
}

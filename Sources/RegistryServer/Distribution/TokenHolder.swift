import NIOConcurrencyHelpers

/// To whom a token was handed out, or refused, which becomes known while the request is answered; for the audit log.
final class TokenHolder: Sendable {
    private let found = NIOLockedValueBox<(caller: AuthenticatedCaller, claim: String?)?>(nil)

    var caller: AuthenticatedCaller? { found.withLockedValue { $0?.caller } }
    /// As whom the client wanted to be taken.
    var claim: String? { found.withLockedValue { $0?.claim } }

    func set(_ caller: AuthenticatedCaller, claim: String?) { found.withLockedValue { $0 = (caller, claim) } }
}

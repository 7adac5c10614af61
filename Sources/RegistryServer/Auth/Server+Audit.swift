import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryLog
import RegistryWire

/// The audit log: every change, and every refusal of rights.
extension Server {
    /// - Parameter claim: as whom a request without `Authorization` wanted to be taken.
    func audit(
        _ incoming: Incoming, by caller: AuthenticatedCaller, claiming claim: String? = nil, action: String,
        target: @autoclosure () -> String, isChange: Bool,
        _ status: HTTPResponse.Status, isRefused: Bool
    ) {
        let isRefused = isRefused || [.unauthorized, .forbidden].contains(status)
        guard auditLog.isOn, isChange || isRefused else { return }
        let outcome: AuditEvent.Outcome =
            switch status.code {
            case 500...: .failed
            case _ where isRefused: .refused
            case ..<400: .done
            default: .failed
            }
        auditLog.record(
            AuditEvent(
                who: caller.caller.name ?? "anonymous", by: "\(caller.means)", action: action, target: target(),
                from: incoming.origin.client.text, outcome: outcome, status: status.code, request: "\(incoming.id)",
                detail: Self.claim(claim, incoming, by: caller)))
    }

    /// As whom a request that was refused wanted to be taken. Only what can be a name: people type passwords into the wrong field.
    private static func claim(_ claim: String?, _ incoming: Incoming, by caller: AuthenticatedCaller) -> String? {
        guard caller.caller.name == nil else { return nil }
        var claim = claim
        if case .basic(let user, _) = PresentedCredential(incoming.headers[.authorization]) { claim = user }
        return claim.flatMap { UserName($0) }.map { "as \($0)" }
    }
}

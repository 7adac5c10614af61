import HTTPTransport
import HTTPTypes
import RegistryWire

/// What is decided by where a request comes from, before anything else of it is looked at.
struct Gate: Sendable {
    private let allowed: [AddressBlock]
    private let hasProxies: Bool
    private let refusesCleartext: Bool

    init(_ access: AccessConfiguration) {
        allowed = access.allowedAddresses
        hasProxies = !access.trustedProxies.isEmpty
        refusesCleartext = !access.isOpen && !access.takesCleartextCredentials
    }

    /// - Throws: ``AccessRefusal/addressRefused``, ``AccessRefusal/cleartextCredentials``.
    func check(_ origin: RequestOrigin, authorization: String?) throws(AccessRefusal) {
        guard admits(origin.client) else { throw .addressRefused }
        guard refusesCleartext, !origin.isSecure, !origin.isLocal, let authorization else { return }
        if case .basic = PresentedCredential(authorization) { throw .cleartextCredentials }
    }

    /// As ``check(_:authorization:)``, for a request that carries a secret elsewhere than in `Authorization`.
    ///
    /// - Throws: ``AccessRefusal/cleartextCredentials``.
    func checkSecret(from origin: RequestOrigin) throws(AccessRefusal) {
        guard !refusesCleartext || origin.isSecure || origin.isLocal else { throw .cleartextCredentials }
    }

    func admits(_ client: NetworkAddress) -> Bool { allowed.isEmpty || allowed.contains { $0.contains(client) } }

    /// Whether the request would pass for certain; what takes more than a look is left to ``check(_:authorization:)``.
    func admitsAtOnce(_ request: ImmediateRequest) -> Bool {
        guard allowed.isEmpty, !hasProxies else { return false }
        if !refusesCleartext || request.connection.isSecure || request[.authorization] == nil { return true }
        return request.remoteAddress.flatMap(NetworkAddress.init)?.isLoopback ?? false
    }
}

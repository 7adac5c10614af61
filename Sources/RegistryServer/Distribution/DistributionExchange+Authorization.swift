import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

/// Who asks, and whether they may.
extension DistributionExchange {
    /// - Throws: ``AccessRefusal``.
    func authenticate(for permission: DistributionPermission) async throws -> AuthenticatedCaller {
        if permission == .own { return access.isOpen ? AuthenticatedCaller(.anyone, by: .nothing) : .anonymous }
        let authorization = headers[.authorization]
        return try await server.authenticator.caller(
            PresentedCredential(authorization), cookie: nil, certificate: incoming.certificate, address: incoming.origin.client,
            authorization: authorization)
    }

    /// - Throws: ``AccessRefusal``; ``DistributionRefusal/insufficientScope``; ``RegistryError/repositoryUnknown`` when the caller may not know whether there is one.
    func authorize(_ route: DistributionRoute) async throws {
        if access.isOpen { return }
        switch route.permission {
        case .own: return
        case .login: if isAnonymous, caller.scopes == nil { throw AccessRefusal.loginRequired }
        case .repository(let name, let need): try await authorize(need, on: name)
        case .catalog:
            if let scopes = caller.scopes {
                guard scopes.contains(where: \.isForLists) else { throw DistributionRefusal.insufficientScope }
            }
            // Nobody is asked who it is, though there may be something to see: most clients show credentials only then.
            if isAnonymous, caller.scopes == nil || !registry.policy().allowsAnonymousPull { throw AccessRefusal.loginRequired }
        }
    }

    private func authorize(_ need: Need, on name: RepositoryName) async throws {
        let isInScope = caller.isGiven(need, on: name)
        if isInScope, try await holds(need.access, to: name, as: caller.caller) { return }
        // A token for less than its holder may do: the client gets another one.
        if !isInScope, try await holds(need.access, to: name, as: caller.caller.withoutToken) {
            throw DistributionRefusal.insufficientScope
        }
        if isAnonymous { throw AccessRefusal.loginRequired }
        guard need == .read else { throw AccessRefusal.permissionDenied }
        throw RegistryError.repositoryUnknown
    }

    private func holds(_ access: Access, to name: RepositoryName, as caller: Caller) async throws -> Bool {
        guard let found = try await registry.access(of: caller, to: name) else { return false }
        return found >= access
    }

    private var isAnonymous: Bool { caller.caller.identity == .anonymous }

    /// Whether the request shows a token, so that a challenge should say what is wrong with it.
    var showsToken: Bool { if case .bearer = PresentedCredential(headers[.authorization]) { true } else { false } }

    /// How to get in: a token for what the route needs (Docker, "Token Authentication Specification").
    func challenge(for route: DistributionRoute?, error: Challenge.Problem? = nil) -> HTTPFields {
        var scopes: [TokenScope?] = []
        switch route?.permission {
        case .repository(let name, let need)?: scopes = [TokenScope(.repository(name), need.actions), mountSource(route)]
        case .catalog?: scopes = [TokenScope(.registry("catalog"), [TokenScope.Action.all])]
        case .own?, .login?, nil: break
        }
        let realm = access.accessTokens.realm ?? "\(incoming.baseURL(configuration))\(DistributionRoute.token.path)"
        var fields = HTTPFields()
        fields[.wwwAuthenticate] = Challenge.bearer(
            realm: realm, service: access.accessTokens.service, scopes: scopes.compactMap(\.self), error: error)
        return fields
    }

    /// What a mount needs beside: to read where the blob is.
    private func mountSource(_ route: DistributionRoute?) -> TokenScope? {
        guard case .startUpload = route, let source = try? incoming.query()["from"].flatMap({ RepositoryName($0) }) else { return nil }
        return TokenScope(.repository(source), [TokenScope.Action.pull])
    }
}

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
        let credential = PresentedCredential(authorization)
        // What an index gave for v1 is none here: it says nothing of what v2 asks, and lives for hours.
        if case .token = credential, !access.isOpen { throw AccessRefusal.credentialsWrong }
        return try await server.authenticator.caller(
            credential, cookie: nil, certificate: incoming.certificate, address: incoming.origin.client,
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
        if let found = try await registry.access(of: caller.holder, to: name), found >= need.access {
            // A token for less than its holder may do: the client gets another one.
            guard caller.isGiven(need, on: name) else { throw DistributionRefusal.insufficientScope }
            return
        }
        if isAnonymous { throw AccessRefusal.loginRequired }
        guard need == .read else { throw AccessRefusal.permissionDenied }
        throw RegistryError.repositoryUnknown
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

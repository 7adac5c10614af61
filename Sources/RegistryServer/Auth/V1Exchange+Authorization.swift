import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

/// Who asks, and whether they may.
extension V1Exchange {
    /// - Throws: ``V1Refusal/otherRole(_:)``.
    func checkRole(of route: V1Route) throws {
        let isServed: Bool =
            switch (access.role, route) {
            case (.all, _): true
            case (_, .images(.root)), (_, .images(.ping)), (_, .images(.status)): true
            case (.index, .index), (.index, .images(.deleteRepository)), (.index, .images(.properties)), (.index, .images(.putProperties)):
                true
            case (.index, .images): false
            case (.registry, .images): true
            case (.registry, .index): false
            }
        guard isServed else { throw V1Refusal.otherRole(access.role) }
    }

    /// - Throws: ``AccessRefusal``.
    func authenticate(for permission: Permission) async throws -> AuthenticatedCaller {
        if permission == .registration { return access.isOpen ? AuthenticatedCaller(.anyone, by: .nothing) : .anonymous }
        let authorization = headers[.authorization]
        let credential = PresentedCredential(authorization)
        let cookie = access.isOpen || permission == .nothing ? nil : SessionCookie.token(in: headers)
        do {
            return try await server.authenticator.caller(
                credential, cookie: cookie, certificate: certificate, address: origin.client, authorization: authorization)
        } catch is AccessRefusal where credential == .none && cookie != nil {
            // A cookie that is over is not the client's fault: it sends what it has.
            return try await server.authenticator.caller(
                credential, cookie: nil, certificate: certificate, address: origin.client, authorization: authorization)
        }
    }

    /// - Returns: an answer as for a thing that is not there, when the caller may not know that it is.
    /// - Throws: ``AccessRefusal``.
    func authorize(_ route: V1Route) async throws -> Response? {
        if access.isOpen { return nil }
        switch route.permission {
        case .registration, .nothing: return nil
        case .login:
            guard [.password, .certificate].contains(caller.means) || caller.isByKey else { throw AccessRefusal.loginRequired }
            return nil
        case .account(let name):
            guard caller.caller.name != nil else { throw AccessRefusal.loginRequired }
            guard caller.token == nil, caller.caller.isAdministrator || (caller.caller.name == name && caller.caller.isUncapped) else {
                throw AccessRefusal.permissionDenied
            }
            return nil
        case .search:
            guard caller.token?.access.allows(.read) ?? true else { throw AccessRefusal.permissionDenied }
            if isAnonymous, caller.token == nil, !registry.policy().allowsAnonymousPull { throw AccessRefusal.loginRequired }
            return nil
        case .token(let name):
            guard let token = caller.token else { throw isAnonymous ? AccessRefusal.loginRequired : AccessRefusal.permissionDenied }
            guard token.repository == name, try await holds(token.access.cap, to: name) else { throw AccessRefusal.permissionDenied }
            return nil
        case .images(let need): return try await authorizeImages(need)
        case .repository(let name, let need): return try await authorize(need, on: name, route)
        }
    }

    private func authorizeImages(_ need: Need) async throws -> Response? {
        guard let token = caller.token else {
            guard need != .read else { return nil }
            if isAnonymous { throw AccessRefusal.loginRequired }
            // The request names no repository for which the bearer token could have been given.
            guard caller.scopes == nil else { throw AccessRefusal.permissionDenied }
            guard caller.caller.key.map({ $0.access >= need.access }) ?? true else { throw AccessRefusal.permissionDenied }
            return nil
        }
        guard token.access.allows(need) else { throw AccessRefusal.permissionDenied }
        if try await holds(need.access, to: token.repository) { return nil }
        if isAnonymous { throw AccessRefusal.loginRequired }
        throw need == .read ? RegistryError.imageUnknown : AccessRefusal.permissionDenied
    }

    private func authorize(_ need: Need, on name: RepositoryName, _ route: V1Route) async throws -> Response? {
        if let token = caller.token {
            guard token.repository == name, token.access.allows(need) else { throw AccessRefusal.permissionDenied }
        }
        guard caller.isGiven(need, on: name) else { throw isAnonymous ? AccessRefusal.loginRequired : AccessRefusal.permissionDenied }
        if try await holds(need.access, to: name) { return nil }
        if isAnonymous { throw AccessRefusal.loginRequired }
        guard need == .read else { throw AccessRefusal.permissionDenied }
        switch route {
        case .images(.tag(_, let tag)): throw RegistryError.tagUnknown(tag)
        case .images(.tagDetails), .images(.repositoryDetails): return reply(TagJSON.unknown)
        default: throw RegistryError.repositoryUnknown
        }
    }

    private func holds(_ access: Access, to name: RepositoryName) async throws -> Bool {
        guard let found = try await registry.access(of: caller.holder, to: name) else { return false }
        return found >= access
    }

    private var isAnonymous: Bool { caller.caller.identity == .anonymous }

    /// Whoever could see more by logging in is told to, about an image as about a repository.
    func concealed(_ error: any Error, on route: V1Route?) -> any Error {
        guard isAnonymous, !access.isOpen, let route, case .images(.read) = route.permission, error as? RegistryError == .imageUnknown
        else {
            return error
        }
        return AccessRefusal.loginRequired
    }
}

extension AuthenticatedCaller {
    fileprivate var isByKey: Bool { if case .key = means { true } else { false } }
}

import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

extension V1Exchange {
    /// The index's half: every route and the handler that answers it.
    func answer(_ route: IndexRoute) async throws -> Response {
        switch route {
        case .login: reply("OK")
        case .register: try await register()
        case .updateUser(let name): try await updateUser(name)
        case .confirmPage(let name): try confirmPage(name)
        case .confirm(let name): try await confirm(name)
        case .putRepository(let name): try await putRepository(name)
        case .images(let name): try await images(name)
        case .putImages(let name): try await putImages(name)
        case .authorize(let name): try await authorize(name)
        case .layerAccess(_, let id): try await layerAccess(id)
        case .search: try await search()
        }
    }

    /// The fields of the index's replies: a token that names the repository, and the one registry that holds it (v1.md §2.3.1). Engines
    /// upload to every endpoint they are given, so there is never more than one.
    func indexFields(_ name: RepositoryName, _ access: RepositoryToken.Access) -> HTTPFields {
        var fields: HTTPFields = [:]
        fields[.dockerEndpoints] = endpoint(of: name)
        // A bearer token lives for minutes and has a scope; it is no way to one that lives for hours.
        if caller.means == .bearer { return fields }
        let token = server.authenticator.seal.token(name, access, for: caller.binding, at: registry.now())
        fields[.dockerToken] = token.text
        fields[.wwwAuthenticate] = token.text
        if !self.access.isOpen {
            fields[.setCookie] = SessionCookie.field(token, seconds: self.access.tokenLife, isSecure: origin.isSecure)
        }
        return fields
    }

    private func endpoint(of name: RepositoryName) -> String? {
        let other = configuration.endpoints.first { $0.namespace.map { $0 == name.namespace } ?? true }
        return other?.host ?? configuration.externalHost ?? origin.host
    }
}

import HTTPTransport
import HTTPTypes
import ImageModel
import RegistryWire

extension V1Exchange {
    /// The index's half: every route and the handler that answers it.
    func answer(_ route: IndexRoute) async throws -> Response {
        switch route {
        case .login: reply("OK")
        case .register: try await register()
        case .updateUser: try await updateUser()
        case .putRepository(let name): try await putRepository(name)
        case .images(let name): try await images(name)
        case .putImages(let name): try await putImages(name)
        case .authorize(let name): try await authorize(name)
        case .search: try await search()
        }
    }

    /// The fields of the index's replies: a token that names the repository, and the one registry that holds it (v1.md §2.3.1). Engines
    /// upload to every endpoint they are given, so there is never more than one.
    func indexFields(_ name: RepositoryName, _ access: RepositoryToken.Access) -> HTTPFields {
        let token = RepositoryToken(
            signature: Hex.encode((0..<8).map { _ in UInt8.random(in: .min ... .max) }), repository: name, access: access)
        var fields: HTTPFields = [.dockerToken: token.text, .wwwAuthenticate: token.text]
        fields[.dockerEndpoints] = configuration.externalHost ?? request.head.authority
        return fields
    }
}

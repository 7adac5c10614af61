import HTTPTransport
import ImageModel
import RegistryWire

extension V1Exchange {
    /// The registry's half: every route and the handler that answers it.
    func answer(_ route: ImagesV1Route) async throws -> Response {
        switch route {
        case .root: try reply(json: configuration.program)
        case .ping: try await keeping { reply() }
        case .status: try await status()
        case .document(let id): try await document(id)
        case .putDocument(let id): try await putDocument(id)
        case .layer(let id): try await layer(id)
        case .putLayer(let id): try await putLayer(id)
        case .putChecksum(let id): try await putChecksum(id)
        case .ancestry(let id): try await keeping { try await ancestry(id) }
        case .files(let id): try await files(id)
        case .diff(let id): try await diff(id)
        case .tags(let name): try await keeping { try await tags(name) }
        case .deleteTags(let name): try await deleteTags(name)
        case .tag(let name, let tag): try await keeping { try await self.tag(name, tag) }
        case .putTag(let name, let tag): try await putTag(name, tag)
        case .deleteTag(let name, let tag): try await deleteTag(name, tag)
        case .tagDetails(let name, let tag): try await tagDetails(name, tag)
        case .repositoryDetails(let name): try await tagDetails(name, .latest)
        case .properties(let name): try await properties(name)
        case .putProperties(let name): try await putProperties(name)
        case .deleteRepository(let name): try await deleteRepository(name)
        }
    }
}

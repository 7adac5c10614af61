import FoundationEssentials
import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

extension V1Exchange {
    func properties(_ name: RepositoryName) async throws -> Response {
        try reply(json: Properties(access: try await registry.isPrivate(name) ? .private : .public))
    }

    func putProperties(_ name: RepositoryName) async throws -> Response {
        let bytes = try await body(upTo: configuration.requestBodySize)
        guard let properties = try? JSONDecoder().decode(Properties.self, from: Data(bytes)) else { throw V1Refusal.invalidData }
        try await registry.setPrivate(properties.access == .private, name)
        return reply()
    }

    /// With `X-Docker-Token` this is the index's half of the documented deletion: nothing is deleted yet, and the answer carries the token for
    /// the registry's half. Without, it is that half (Docker Hub API, "Delete a user repository"; v1.md §5.6).
    func deleteRepository(_ name: RepositoryName) async throws -> Response {
        if headers[.dockerToken] != nil {
            guard headers[.dockerEndpoints] == nil else { return try await finishDeletion(name) }
            try await registry.check(name)
            return reply(status: .accepted, adding: indexFields(name, .delete))
        }
        try await registry.delete(name)
        return reply()
    }

    /// The last step: the client reports that the registry's half is done. Where both halves are one, nothing is left to delete.
    private func finishDeletion(_ name: RepositoryName) async throws -> Response {
        do {
            try await registry.delete(name)
        } catch RegistryError.repositoryUnknown {
            // Deleted already, as it should be.
        }
        return reply()
    }

    private struct Properties: Codable {
        enum Access: String, Codable { case `public`, `private` }
        let access: Access
    }
}

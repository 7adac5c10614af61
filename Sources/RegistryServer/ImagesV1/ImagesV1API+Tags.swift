import FoundationEssentials
import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

extension V1Exchange {
    func tags(_ name: RepositoryName) async throws -> Response {
        let tags = try await registry.tags(of: name)
        return try reply(json: Dictionary(uniqueKeysWithValues: tags.map { ($0.name, $0.imageID) }))
    }

    func deleteTags(_ name: RepositoryName) async throws -> Response {
        try await registry.deleteTags(of: name)
        return reply()
    }

    func tag(_ name: RepositoryName, _ tag: Tag) async throws -> Response {
        guard let details = try await registry.tag(tag, of: name) else { throw RegistryError.tagUnknown(tag) }
        return try reply(json: details.imageID)
    }

    /// The body is the image's id as a JSON string.
    func putTag(_ name: RepositoryName, _ tag: Tag) async throws -> Response {
        let bytes = try await body(upTo: configuration.requestBodySize)
        guard let text = try? JSONDecoder().decode(String.self, from: Data(bytes)), let id = ImageID(text) else {
            throw V1Refusal.invalidData
        }
        try await registry.setTag(tag, of: name, to: id, in: scope, by: PushAgent(EngineAgent(headers[.userAgent])))
        return reply()
    }

    func deleteTag(_ name: RepositoryName, _ tag: Tag) async throws -> Response {
        try await registry.deleteTag(tag, of: name)
        return reply()
    }

    /// Always 200: of a tag of which nothing is known, a set answer is given (v1.md §2.5).
    func tagDetails(_ name: RepositoryName, _ tag: Tag) async throws -> Response {
        guard let details = try await registry.tag(tag, of: name) else { return reply(TagJSON.unknown) }
        let agent = details.agent
        return try reply(
            json: TagJSON(
                lastUpdate: details.updatedAt, dockerVersion: agent.dockerVersion, dockerGoVersion: agent.goVersion,
                arch: agent.architecture, os: agent.operatingSystem, kernel: agent.kernel))
    }
}

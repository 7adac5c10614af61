import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import RegistryWire

extension V1Exchange {
    func putRepository(_ name: RepositoryName) async throws -> Response {
        try await registry.declare(try await declaredImages(), in: name)
        return reply(adding: indexFields(name, .write))
    }

    /// Must be 204, or the engine takes the whole push for failed (v1.md §2.3).
    func putImages(_ name: RepositoryName) async throws -> Response {
        try await registry.declare(try await declaredImages(), in: name)
        return reply(status: .noContent, adding: indexFields(name, .write))
    }

    /// Ids and their sums, never `Tag`: engines would pull a stale one (v1.md §3.5).
    func images(_ name: RepositoryName) async throws -> Response {
        let images = try await registry.listedImages(of: name)
        return try reply(json: images.map { Element(id: $0.id, checksum: $0.checksum) }, adding: indexFields(name, .read))
    }

    /// The registry's half asks this of the index's half; that the token is good was found before.
    func authorize(_ name: RepositoryName) async throws -> Response {
        try await registry.check(name)
        return reply("\"OK\"")
    }

    /// Whether the token's user may use an image that may be another repository's: a registry asks for parents (v1.md §2.6). A bearer token is
    /// not the one that the registry was shown, so it counts as it is.
    func layerAccess(_ id: ImageID) async throws -> Response {
        let user = caller.token == nil ? caller.caller : caller.caller.withoutToken
        return try reply(json: ["access": try await registry.holds(id, for: user)])
    }

    private func declaredImages() async throws -> [DeclaredImage] {
        let bytes = try await body(upTo: configuration.requestBodySize)
        let list: DeclaredImages
        do throws(DeclaredImages.Refusal) {
            list = try DeclaredImages(json: bytes)
        } catch {
            throw error == .notJSON ? V1Refusal.notJSON : V1Refusal.invalidData
        }
        guard list.elements.count <= configuration.imagesPerList else { throw V1Refusal.tooManyImages(limit: configuration.imagesPerList) }
        return try list.elements.map { element in
            let text = element.checksum.flatMap { $0.isEmpty ? nil : $0 }
            return DeclaredImage(id: element.id, checksum: try text.map(Self.checksum))
        }
    }

    private struct Element: Encodable {
        let id: String
        let checksum: String?
    }
}

import Credentials
import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import LayerArchive
import NIOCore

extension V1Exchange {
    func document(_ id: ImageID) async throws -> Response {
        let image = try await registry.image(id, in: scope)
        var fields: HTTPFields = [.dockerSize: String(image.layerSize), .dockerChecksumPayload: image.payloadSum]
        fields[.dockerChecksum] = image.tarsum
        return immutable(ByteBuffer(bytes: image.document), tag: image.payloadSum, isPrivate: image.isPrivate, adding: fields)
    }

    func putDocument(_ id: ImageID) async throws -> Response {
        if let declared = caller.declaredImages, !declared.contains(id.text) { throw V1Refusal.imageForeign }
        let document = try await body(upTo: configuration.imageDocumentSize)
        try await registry.beginImage(id, document: document, offered: try offeredChecksums(), in: scope)
        return reply()
    }

    func ancestry(_ id: ImageID) async throws -> Response {
        let (ids, isPrivate) = try await registry.ancestry(of: id, in: scope)
        return immutable(try V1Answers.json(ids.map(\.text)), isPrivate: isPrivate)
    }

    func putChecksum(_ id: ImageID) async throws -> Response {
        try await registry.offer(try offeredChecksums(), for: id, in: scope)
        return reply()
    }

    func files(_ id: ImageID) async throws -> Response {
        let (document, isPrivate) = try await server.listings.pass { _ in try await registry.files(of: id, in: scope) }
        return immutable(ByteBuffer(bytes: document), isPrivate: isPrivate)
    }

    func diff(_ id: ImageID) async throws -> Response {
        let (document, isPrivate) = try await server.listings.pass { _ in try await registry.diff(of: id, in: scope) }
        return immutable(ByteBuffer(bytes: document), isPrivate: isPrivate)
    }

    /// The sums in the request's fields. Empty fields are none (engines 0.9 and older send some so); the published document writes a bare
    /// hexadecimal sum, which is the payload's. One that is unknown does no harm beside one that is known.
    private func offeredChecksums() throws -> [LayerChecksum] {
        let texts = [HTTPField.Name.dockerChecksum, .dockerChecksumPayload].flatMap { headers[values: $0] }.filter { !$0.isEmpty }
        let known = texts.compactMap { try? Self.checksum($0) }
        if known.isEmpty, let unknown = texts.first { throw RegistryError.checksumUnsupported(unknown) }
        return known
    }

    /// - Throws: ``RegistryError/checksumUnsupported(_:)``.
    static func checksum(_ text: String) throws -> LayerChecksum {
        guard let checksum = LayerChecksum(text) ?? LayerChecksum("sha256:\(text)") else { throw RegistryError.checksumUnsupported(text) }
        return checksum
    }
}

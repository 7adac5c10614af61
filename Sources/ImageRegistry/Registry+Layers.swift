public import ImageModel
import LayerArchive
public import NIOCore
public import Storage

/// The layer of a complete image, opened.
public struct Layer: Sendable {
    public let object: StoredObject
    public let digest: String
    /// Whether a repository that holds it is private: then no shared cache may keep it.
    public let isPrivate: Bool
}

extension Registry {
    /// Opens the image's layer before anything is answered, so that lost bytes are an honest failure.
    public func layer(of id: ImageID, in scope: ImageScope) async throws -> Layer {
        let image = try await image(id, in: scope)
        let object = try await blobs.open(image.layerDigest, size: image.layerSize)
        return Layer(object: object, digest: image.layerDigest, isPrivate: image.isPrivate)
    }

    /// Takes the layer of an open image: one read before, one pass over the bytes, one write after.
    ///
    /// A sum that was offered before completes the image here. One that came with the document and is wrong is a refusal (engines 0.5 send
    /// nothing after the layer), yet the layer stays, so that a right sum can still complete it.
    ///
    /// - Throws: ``RegistryError``; whatever `body` throws when it is cut short, and then nothing is kept.
    public func receiveLayer<Body: AsyncSequence & Sendable>(_ body: Body, of id: ImageID, in scope: ImageScope) async throws
    where Body.Element == ByteBuffer {
        let (repository, document, offers) = try await read { catalog in
            let image = try catalog.pushed(id, in: scope)
            guard !image.isComplete else { throw RegistryError.imageExists }
            return (image.repository, image.document, try catalog.offers(for: id, repository: image.repository))
        }
        let withDocument = offers.withDocument.compactMap { LayerChecksum($0) }
        let offered = withDocument + (offers.later + offers.inList).compactMap { LayerChecksum($0) }
        let received = try await LayerIntake(blobs: blobs, limits: limits)
            .receive(body, document: document, summing: offered.compactMap(\.tarsumLabel))
        let match = offered.first(where: received.matches)
        let layer = received.row
        let time = now()
        try await write { catalog in
            try catalog.recordLayer(received, at: time)
            guard try catalog.setLayer(layer, of: id, document: document, repository: repository) else {
                let isComplete = try catalog.image(id, repository: repository)?.isComplete
                throw isComplete == true ? RegistryError.imageExists : RegistryError.imageReplaced
            }
            if let match { _ = try catalog.complete(id, checksum: match.text, layer: layer, repository: repository) }
        }
        if match == nil, !withDocument.isEmpty { throw RegistryError.checksumMismatch }
    }
}

public import ImageModel
public import LayerArchive

/// A complete v1 image.
public struct Image: Sendable {
    /// The document as it was pushed, byte for byte.
    public let document: [UInt8]
    /// Bytes of the layer as it is stored.
    public let layerSize: Int64
    public let layerDigest: String
    /// sha256 over document, newline and layer (v1.md §6.1).
    public let payloadSum: String
    /// Tarsum version 0 with the document; nil when the layer is no archive (v1.md §6.2).
    public let tarsum: String?
    /// Whether a repository that holds it is private: then no shared cache may keep it.
    public let isPrivate: Bool
}

extension Registry {
    /// - Throws: ``RegistryError`` as `Catalog.readable` has it.
    public func image(_ id: ImageID, in scope: ImageScope) async throws -> Image {
        try await withImages(id, in: scope) { try await read { try Image($0.readable(id, in: scope)) } }
    }

    /// The image and its ancestors, itself first, base last; and whether a shared cache may keep the answer.
    public func ancestry(of id: ImageID, in scope: ImageScope) async throws -> (ids: [ImageID], isPrivate: Bool) {
        try await withImages(id, in: scope) {
            try await read { catalog in
                let image = try catalog.readable(id, in: scope)
                return (try catalog.ancestry(id, repository: image.repository), image.isPrivate)
            }
        }
    }

    /// Begins an image, or begins it anew while it is open, as a push that is repeated does.
    ///
    /// - Parameter offered: sums that came with the document; the layer completes the image when one of them matches.
    /// - Throws: ``RegistryError``: the document is invalid or another image's, its parent is unknown in the repository, the chain is too
    ///   long, the image is complete, or its repository cannot be told.
    public func beginImage(_ id: ImageID, document: [UInt8], offered: [LayerChecksum], in scope: ImageScope) async throws {
        let image: V1Image
        do throws(V1Image.Refusal) { image = try V1Image(json: document) } catch { throw RegistryError.imageDocumentInvalid(error) }
        guard image.id == id else { throw RegistryError.imageIDMismatch }
        // The id may stand for the image of a manifest that nobody has pulled in v1 yet.
        if let name = scope.repository, try await !read({ try $0.holdsImage(id, in: name) }) { _ = try? await deriveImages(id, in: scope) }
        do {
            try await begin(image, document: document, offered: offered, in: scope)
        } catch RegistryError.parentUnknown {
            // It may be the image of a manifest that nobody has pulled in v1 yet.
            guard let parent = image.parent, try await deriveImages(parent, in: scope) else { throw RegistryError.parentUnknown }
            try await begin(image, document: document, offered: offered, in: scope)
        }
    }

    private func begin(_ image: V1Image, document: [UInt8], offered: [LayerChecksum], in scope: ImageScope) async throws {
        let id = image.id
        let time = now()
        let limit = limits.ancestryLength
        try await write { catalog in
            let repository = try catalog.pushTarget(id, in: scope, at: time)
            if let existing = try catalog.image(id, repository: repository), existing.isComplete { throw RegistryError.imageExists }
            var depth = 1
            if let parent = image.parent {
                try catalog.claim(parent, for: repository, in: scope)
                let chain = try catalog.ancestry(parent, repository: repository)
                // An image among its own ancestors has no parent that exists yet.
                guard !chain.isEmpty, !chain.contains(id) else { throw RegistryError.parentUnknown }
                depth = chain.count + 1
            }
            guard depth <= limit else { throw RegistryError.ancestryTooLong(limit: limit) }
            try catalog.beginImage(image, document: document, depth: depth, repository: repository, at: time)
            try catalog.offer(offered.map(\.text), for: id, withDocument: true, repository: repository)
        }
    }
}

extension Image {
    init(_ row: ImageRow) throws {
        guard let layer = row.layer else { throw RegistryError.imageBeingUploaded }
        self.init(
            document: row.document, layerSize: layer.size, layerDigest: layer.digest, payloadSum: layer.payloadSum, tarsum: layer.tarsum,
            isPrivate: row.isPrivate)
    }
}

public import ImageModel
import LayerArchive
public import NIOCore

/// What comes from another registry's storage. Everything can be asked for again: what is there is found by the catalog alone.
extension Registry {
    /// Whether the repository holds the image with all its ancestors, each complete: one statement.
    public func holdsChain(of id: ImageID, in name: RepositoryName) async throws -> Bool {
        try await read { try $0.holdsChain(of: id, in: name) }
    }

    /// The document of an image that the repository holds complete.
    public func completeDocument(of id: ImageID, in name: RepositoryName) async throws -> [UInt8]? {
        try await read { try $0.completeDocument(of: id, in: name) }
    }

    /// Adds an image whose bytes are here already, in another repository: same document, and a layer of that size with one of the sums.
    ///
    /// - Returns: false when there is none such.
    /// - Throws: ``RegistryError/imageExists`` when the repository has another image of this id; ``RegistryError/parentUnknown``.
    public func importStored(_ imported: ImportedImage, to target: ImportedRepository, isDryRun: Bool) async throws -> Bool {
        let sums = imported.sums.compactMap { LayerChecksum($0) }
        guard !sums.isEmpty else { return false }
        let candidates = try await read {
            try $0.storedLayers(of: imported.image.id, document: imported.document, size: imported.layerSize)
        }
        guard let layer = candidates.first(where: { layer in sums.contains(where: layer.matches) }) else { return false }
        guard !isDryRun else { return true }
        let time = now()
        try await write { catalog in
            // Between the two transactions nobody can have taken the bytes away, unless with the image that names them.
            guard try catalog.storedLayers(of: imported.image.id, document: imported.document, size: imported.layerSize).contains(layer)
            else { throw RegistryError.imageReplaced }
            try catalog.addImage(imported, layer: layer, checksum: sums.first(where: layer.matches), to: target, at: time)
        }
        return true
    }

    /// Adds an image with its layer, in one pass over the bytes; its parent has to be here. Its sums are compared as v1.md §8 has it, and when
    /// they differ nothing is stored.
    ///
    /// - Parameter isDryRun: compares only.
    /// - Throws: ``RegistryError/checksumMismatch``, ``RegistryError/lengthMismatch``, ``RegistryError/imageExists`` when the repository has
    ///   another image of this id, ``RegistryError/parentUnknown``, ``RegistryError/layerTooLarge(limit:)`` and the like; what `layer` throws.
    public func importImage<Body: AsyncSequence & Sendable>(
        _ imported: ImportedImage, layer: Body, to target: ImportedRepository, isDryRun: Bool
    ) async throws where Body.Element == ByteBuffer {
        let labels = imported.sums.compactMap { LayerChecksum($0)?.tarsumLabel }
        let intake = LayerIntake(blobs: blobs, limits: limits)
        guard !isDryRun else {
            return try imported.check(try await intake.inspect(layer, document: imported.document, summing: labels))
        }
        let received = try await intake.receive(layer, document: imported.document, summing: labels, accepting: imported.check)
        let checksum = imported.sums.compactMap { LayerChecksum($0) }.first(where: received.matches)
        let time = now()
        try await write { catalog in
            try catalog.recordLayer(received, at: time)
            try catalog.addImage(imported, layer: received.row, checksum: checksum, to: target, at: time)
        }
    }

    /// Adds those of the images to the repository's list that are not in it.
    public func importList(_ ids: [ImageID], to name: RepositoryName) async throws {
        let absent = try await read { try $0.undeclared(ids, in: name) }
        guard !absent.isEmpty else { return }
        try await declare(absent.map { DeclaredImage(id: $0) }, in: name)
    }

    /// Lets the tag name what it named in the other registry, with the time and the agent of then; what it names has to be here.
    ///
    /// - Parameters:
    ///   - isReplacing: whether a tag that names something else is moved.
    ///   - isDryRun: says what would be done; what the tag would name need not be here.
    /// - Throws: ``RegistryError/tagImmutable(_:)``, ``RegistryError/imageUnknown``, ``RegistryError/manifestUnknown``.
    public func importTag(_ tag: ImportedTag, to target: ImportedRepository, isReplacing: Bool, isDryRun: Bool) async throws -> TagImport {
        let name = target.name
        // Mostly there is nothing to be written, and then nobody has to wait.
        let isPresent = try await read { catalog in
            guard let repository = try catalog.repository(name)?.id,
                let content = try catalog.content(of: tag.target, in: name, repository: repository)
            else { return false }
            return try catalog.tagged(tag.tag, repository: repository) == content
        }
        if isPresent { return .present }
        let time = now()
        guard !isDryRun else {
            return try await read { catalog in
                guard let repository = try catalog.repository(name)?.id, try catalog.tagged(tag.tag, repository: repository) != nil else {
                    return .set
                }
                guard isReplacing else { return .kept }
                try catalog.checkMove(of: tag.tag, in: name)
                return .moved
            }
        }
        return try await write { catalog in
            guard let repository = try catalog.repository(name)?.id,
                let content = try catalog.content(of: tag.target, in: name, repository: repository)
            else {
                throw switch tag.target {
                case .image: RegistryError.imageUnknown
                case .manifest: RegistryError.manifestUnknown
                }
            }
            let found = try catalog.tagged(tag.tag, repository: repository)
            if let found, found != content, !isReplacing { return .kept }
            _ = try catalog.prepare(target, at: time)
            try catalog.setTag(tag.tag, to: content, by: tag.agent, of: name, repository: repository, at: tag.updatedAt)
            return found == nil ? .set : .moved
        }
    }
}

extension ImportedImage {
    /// A sum over document and layer decides where there is one; else a tarsum. Old registries could not read xz, and their tarsum of such a
    /// layer says nothing (v1.md §6.2, §8).
    fileprivate func check(_ layer: LayerSums) throws {
        guard layer.size == layerSize else { throw RegistryError.lengthMismatch }
        let sums = sums.compactMap { LayerChecksum($0) }
        let payloads = sums.filter { $0.tarsumLabel == nil }
        let deciding = payloads.isEmpty ? (layer.contents.compression == .xz ? [] : sums) : payloads
        guard deciding.isEmpty || deciding.contains(where: layer.matches) else { throw RegistryError.checksumMismatch }
    }
}

extension Catalog {
    /// Adds a complete image, or completes an open one of its id.
    fileprivate func addImage(
        _ imported: ImportedImage, layer: ImageRow.Layer, checksum: LayerChecksum?, to target: ImportedRepository, at time: Int64
    ) throws {
        let repository = try prepare(target, at: time)
        let image = imported.image
        if let existing = try self.image(image.id, repository: repository), existing.isComplete {
            guard existing.document == imported.document, existing.layer == layer else { throw RegistryError.imageExists }
            return
        }
        var depth = 1
        if let parent = image.parent {
            let chain = try ancestry(parent, repository: repository)
            guard !chain.isEmpty, !chain.contains(image.id) else { throw RegistryError.parentUnknown }
            depth = chain.count + 1
        }
        try beginImage(image, document: imported.document, depth: depth, repository: repository, at: time)
        guard try setLayer(layer, of: image.id, document: imported.document, repository: repository),
            try complete(image.id, checksum: checksum?.text ?? layer.payloadSum, layer: layer, repository: repository)
        else { throw RegistryError.imageReplaced }
    }
}

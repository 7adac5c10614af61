public import ImageModel
public import LayerArchive

extension Registry {
    /// Completes an open image when any one of the sums matches (v1.md §11); repeating it for a complete image is allowed.
    ///
    /// - Throws: ``RegistryError/checksumMismatch``, and the image stays open; ``RegistryError/checksumMissing``,
    ///   ``RegistryError/layerMissing``, ``RegistryError/checksumSettled``, ``RegistryError/imageUnknown``.
    public func offer(_ checksums: [LayerChecksum], for id: ImageID, in scope: ImageScope) async throws {
        guard !checksums.isEmpty else { throw RegistryError.checksumMissing }
        let (repository, image) = try await read { catalog in
            let image = try catalog.pushed(id, in: scope)
            return (image.repository, image)
        }
        guard let layer = image.layer else { throw RegistryError.layerMissing }
        guard let match = try await firstMatch(of: checksums, layer: layer, document: image.document) else {
            if image.isComplete { throw RegistryError.checksumSettled }
            try await write { try $0.offer(checksums.map(\.text), for: id, withDocument: false, repository: repository) }
            throw RegistryError.checksumMismatch
        }
        guard !image.isComplete else { return }
        try await write { catalog in
            if try catalog.complete(id, checksum: match.text, layer: layer, repository: repository) { return }
            guard try catalog.image(id, repository: repository)?.layer == layer else { throw RegistryError.imageReplaced }
        }
    }

    /// Sums of versions that were not asked for when the layer came are found by reading the layer again.
    private func firstMatch(of checksums: [LayerChecksum], layer: ImageRow.Layer, document: [UInt8]) async throws -> LayerChecksum? {
        if let match = checksums.first(where: layer.matches) { return match }
        let labels = checksums.compactMap(\.tarsumLabel).filter { $0 != .standard }
        guard !labels.isEmpty else { return nil }
        let object = try await blobs.open(layer.digest, size: layer.size)
        let sums = try await LayerIntake(blobs: blobs, limits: limits).tarsums(of: object, document: document, labels: labels)
        return checksums.first { checksum in sums.contains { $0.description == checksum.text } }
    }
}

public import ImageModel
import LayerArchive

/// Both documents are made by reading layers again: they are asked for seldom, and keeping them would cost every push.
extension Registry {
    /// The list of the layer's files, as JSON (v1.md §6.4), and whether a shared cache must not keep it.
    ///
    /// - Throws: ``RegistryError/layerNotListable``.
    public func files(of id: ImageID, in scope: ImageScope) async throws -> (json: [UInt8], isPrivate: Bool) {
        let layer = try await layer(of: id, in: scope)
        return (LayerListing.json(try await LayerIntake(blobs: blobs, limits: limits).files(of: layer.object)), layer.isPrivate)
    }

    /// What the layer does to those below it, as JSON (v1.md §6.4). Ancestors are read one after the other, nearest first, and no further than
    /// something is still open.
    ///
    /// - Throws: ``RegistryError/layerNotListable``.
    public func diff(of id: ImageID, in scope: ImageScope) async throws -> (json: [UInt8], isPrivate: Bool) {
        let intake = LayerIntake(blobs: blobs, limits: limits)
        let layer = try await layer(of: id, in: scope)
        var diff = LayerDiff(try await intake.files(of: layer.object))
        for ancestor in try await ancestry(of: id, in: scope).ids.dropFirst() where !diff.isComplete {
            diff.compare(ancestor: try await intake.files(of: try await self.layer(of: ancestor, in: scope).object))
        }
        return (diff.json(), layer.isPrivate)
    }
}

public import ImageModel

/// Where a request looks for a v1 image: ids are names that anyone may claim, so an id means something only within a repository.
public enum ImageScope: Hashable, Sendable {
    case repository(RepositoryName)
    /// The request names no repository.
    case any

    var repository: RepositoryName? {
        switch self {
        case .repository(let name): name
        case .any: nil
        }
    }
}

extension Catalog {
    /// The complete image that `id` means in `scope`.
    ///
    /// - Throws: ``RegistryError/imageUnknown``; ``RegistryError/imageBeingUploaded`` when its push is not finished;
    ///   ``RegistryError/imageAmbiguous`` when repositories hold different images under this id and none is named.
    func readable(_ id: ImageID, in scope: ImageScope) throws -> ImageRow {
        let images = try images(id, in: scope.repository)
        let complete = images.filter(\.isComplete)
        guard let first = complete.first else {
            throw images.isEmpty ? RegistryError.imageUnknown : RegistryError.imageBeingUploaded
        }
        guard complete.allSatisfy({ $0.hasSameContent(as: first) }) else { throw RegistryError.imageAmbiguous }
        // One private holder is reason enough to keep the answer out of shared caches.
        return complete.first(where: \.isPrivate) ?? first
    }

    /// The repository into which an image is pushed: the named one, else the one that has declared the image and does not hold it yet, else
    /// none so far: a client written from the registry's document alone names a repository only when it tags, and then the tag claims it.
    ///
    /// - Throws: ``RegistryError/imageExists``, ``RegistryError/imageAmbiguous``.
    func pushTarget(_ id: ImageID, in scope: ImageScope, at time: Int64) throws -> Int64 {
        switch scope {
        case .repository(let name):
            let target = try ensureRepository(name, at: time)
            try claim(id, for: target, in: scope)
            return target
        case .any:
            let declarations = try declarations(of: id)
            let open = declarations.filter { !$0.isComplete }
            if open.count > 1 { throw RegistryError.imageAmbiguous }
            if let target = open.first { return target.repository }
            if !declarations.isEmpty { throw RegistryError.imageExists }
            return try ensureUnclaimed(at: time)
        }
    }

    /// The image whose push goes on: the open one, else the complete one. When the named repository lacks it, one that is unclaimed is meant:
    /// the published document shows the token with the layer only.
    ///
    /// - Throws: ``RegistryError/imageUnknown``, ``RegistryError/imageAmbiguous``.
    func pushed(_ id: ImageID, in scope: ImageScope) throws -> ImageRow {
        var images = try images(id, in: scope.repository)
        if images.isEmpty { images = try self.images(id, in: nil).filter(\.isUnclaimed) }
        let open = images.filter { !$0.isComplete }
        guard open.count <= 1 else { throw RegistryError.imageAmbiguous }
        guard let image = open.first ?? images.first else { throw RegistryError.imageUnknown }
        return image
    }

    /// Copies an image that `target` lacks, and its ancestors, from where the request may find it: among the unclaimed, and when it names no
    /// repository in any. Does nothing when there is no such image.
    ///
    /// - Throws: ``RegistryError/imageAmbiguous``.
    func claim(_ id: ImageID, for target: Int64, in scope: ImageScope) throws {
        guard try image(id, repository: target) == nil else { return }
        let found = try images(id, in: nil).filter { $0.isUnclaimed || (scope == .any && $0.isComplete) }
        guard let source = found.first(where: \.isComplete) ?? found.first else { return }
        guard found.allSatisfy({ !$0.isComplete || $0.hasSameContent(as: source) }) else { throw RegistryError.imageAmbiguous }
        for image in try ancestry(id, repository: source.repository).reversed() {
            try copyImage(image, from: source.repository, to: target)
        }
    }
}

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
        guard complete.allSatisfy({ $0.document == first.document && $0.layer == first.layer }) else { throw RegistryError.imageAmbiguous }
        // One private holder is reason enough to keep the answer out of shared caches.
        return complete.first(where: \.isPrivate) ?? first
    }

    /// The repository into which an image is pushed: the named one, else the one that has declared the image and does not hold it yet.
    ///
    /// - Throws: ``RegistryError/imageUndeclared``, ``RegistryError/imageExists``, ``RegistryError/imageAmbiguous``.
    func pushTarget(_ id: ImageID, in scope: ImageScope, at time: Int64?) throws -> Int64 {
        switch scope {
        case .repository(let name):
            if let time { return try ensureRepository(name, at: time) }
            guard let repository = try repository(name)?.id else { throw RegistryError.imageUnknown }
            return repository
        case .any:
            let declarations = try declarations(of: id)
            let open = declarations.filter { !$0.isComplete }
            if open.count > 1 { throw RegistryError.imageAmbiguous }
            if let target = open.first { return target.repository }
            throw declarations.isEmpty ? RegistryError.imageUndeclared : RegistryError.imageExists
        }
    }
}

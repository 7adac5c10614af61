public import ImageModel

/// Where a request looks for a v1 image, and for whom: ids are names that anyone may claim, so an id means something only within a
/// repository.
public struct ImageScope: Hashable, Sendable {
    /// Nil: the request names none, and looks wherever its caller may pull.
    public let repository: RepositoryName?
    public let caller: Caller

    public init(repository: RepositoryName?, caller: Caller) {
        self.repository = repository
        self.caller = caller
    }
}

extension Catalog {
    /// The complete image that `id` means in `scope`.
    ///
    /// - Throws: ``RegistryError/imageUnknown``; ``RegistryError/imageBeingUploaded`` when its push is not finished;
    ///   ``RegistryError/imageAmbiguous`` when repositories hold different images under this id and none is named.
    func readable(_ id: ImageID, in scope: ImageScope) throws -> ImageRow {
        let images = try images(id, in: scope)
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
        if let name = scope.repository {
            let target = try ensureRepository(name, at: time)
            try claim(id, for: target, in: scope)
            return target
        }
        let declarations = try declarations(of: id).filter { (try access(of: scope.caller, to: $0.name) ?? .read) >= .write }
        let open = declarations.filter { !$0.isComplete }
        if open.count > 1 { throw RegistryError.imageAmbiguous }
        if let target = open.first { return target.repository }
        if !declarations.isEmpty { throw RegistryError.imageExists }
        return try ensureUnclaimed(by: scope.caller, at: time)
    }

    /// The image whose push goes on: the open one, else the complete one, in a repository that the caller may push to. When the named
    /// repository lacks it, one that the caller has pushed unclaimed is meant: the published document shows the token with the layer only.
    ///
    /// - Throws: ``RegistryError/imageUnknown``, ``RegistryError/imageAmbiguous``.
    func pushed(_ id: ImageID, in scope: ImageScope) throws -> ImageRow {
        var images = try images(id, in: scope).filter { try mayPush(to: $0, as: scope.caller) }
        if images.isEmpty { images = try unclaimedImages(id, of: scope.caller) }
        let open = images.filter { !$0.isComplete }
        guard open.count <= 1 else { throw RegistryError.imageAmbiguous }
        guard let image = open.first ?? images.first else { throw RegistryError.imageUnknown }
        return image
    }

    /// Copies an image that `target` lacks, and its ancestors, from where the request may find it: among what the caller has pushed unclaimed,
    /// and when it names no repository wherever the caller may pull. Does nothing when there is no such image.
    ///
    /// - Throws: ``RegistryError/imageAmbiguous``.
    func claim(_ id: ImageID, for target: Int64, in scope: ImageScope) throws {
        guard try image(id, repository: target) == nil else { return }
        var found = try unclaimedImages(id, of: scope.caller)
        if scope.repository == nil { found += try images(id, in: scope).filter { !$0.isUnclaimed && $0.isComplete } }
        guard let source = found.first(where: \.isComplete) ?? found.first else { return }
        guard found.allSatisfy({ !$0.isComplete || $0.hasSameContent(as: source) }) else { throw RegistryError.imageAmbiguous }
        for image in try ancestry(id, repository: source.repository).reversed() {
            try copyImage(image, from: source.repository, to: target)
        }
    }

    private func mayPush(to image: ImageRow, as caller: Caller) throws -> Bool {
        // What is unclaimed is found for its own pusher only.
        guard let name = image.repositoryName else { return true }
        return (try access(of: caller, to: name) ?? .read) >= .write
    }
}

public import ImageModel

extension Registry {
    /// The repository's tags and the ids they name, by name.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func tags(of name: RepositoryName) async throws -> [(name: String, imageID: String)] {
        try await read { try $0.tags(repository: $0.known(name).id) }
    }

    /// Nil when there is no such tag, or no such repository.
    public func tag(_ tag: Tag, of name: RepositoryName) async throws -> TagDetails? {
        try await read { catalog in try catalog.repository(name).flatMap { try catalog.tag(tag, repository: $0.id) } }
    }

    /// Lets the tag name the image.
    ///
    /// A tag never names a chain that cannot be pulled: every image of it must be complete. One for which no sum was ever offered is
    /// completed here, because a client written from the published document sends none. Images that the repository lacks are claimed for it,
    /// if `scope` lets the request find them elsewhere. An image that came with a manifest stands for that manifest, so that clients of v2 see
    /// it as it was pushed; a tag that v1 sees as this image already names what it named.
    ///
    /// - Throws: ``RegistryError/imageUnknown``, ``RegistryError/imageBeingUploaded``, ``RegistryError/imageAmbiguous``,
    ///   ``RegistryError/tagImmutable(_:)``.
    public func setTag(_ tag: Tag, of name: RepositoryName, to id: ImageID, in scope: ImageScope, by agent: PushAgent) async throws {
        let time = now()
        try await withImages(id, in: scope) {
            try await write { catalog in
                let repository = try catalog.ensureRepository(name, at: time)
                let content =
                    try catalog.content(of: tag, shownAs: id, repository: repository)
                    ?? catalog.taggable(id, repository: repository, in: scope)
                try catalog.setTag(tag, to: content, by: agent, of: name, repository: repository, at: time)
            }
        }
        await anticipate(tag, of: name)
    }

    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/tagUnknown(_:)``, ``RegistryError/tagImmutable(_:)``.
    public func deleteTag(_ tag: Tag, of name: RepositoryName) async throws {
        try await write { catalog in
            guard try catalog.deleteTag(tag, of: name, repository: catalog.known(name).id) else { throw RegistryError.tagUnknown(tag) }
        }
    }

    /// Deletes all tags; the repository and its images stay.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func deleteTags(of name: RepositoryName) async throws {
        try await write { catalog in
            let repository = try catalog.known(name).id
            try catalog.checkDeletion(ofTagsIn: repository, name)
            try catalog.deleteTags(repository: repository)
        }
    }
}

extension Catalog {
    /// What a tag names that is to name the image.
    fileprivate func taggable(_ id: ImageID, repository: Int64, in scope: ImageScope) throws -> TagContent {
        if let manifest = try manifest(ofImage: id, in: repository) { return .manifest(manifest) }
        try claim(id, for: repository, in: scope)
        let chain = try ancestry(id, repository: repository)
        guard !chain.isEmpty else { throw RegistryError.imageUnknown }
        for id in chain { try completeUndeclared(id, repository: repository) }
        return .image(id.text)
    }

    /// Completes an image that has its layer and for which no sum was ever offered; does nothing to a complete one.
    ///
    /// - Throws: ``RegistryError/imageBeingUploaded`` for any other.
    fileprivate func completeUndeclared(_ id: ImageID, repository: Int64) throws {
        guard let image = try image(id, repository: repository), !image.isComplete else { return }
        let offers = try offers(for: id, repository: repository)
        guard let layer = image.layer, offers.isEmpty else { throw RegistryError.imageBeingUploaded }
        _ = try complete(id, checksum: layer.payloadSum, layer: layer, repository: repository)
    }
}

public import ImageModel
import LayerArchive

extension Registry {
    /// Makes the repository if it is missing, and adds `images` to its list.
    ///
    /// A sum in the list completes an image that is open and has its layer.
    ///
    /// - Throws: ``RegistryError/checksumMismatch`` when a listed sum is wrong for such an image; then the list stays as it was, and the sum
    ///   counts as offered, so that no tag completes the image unasked.
    public func declare(_ images: [DeclaredImage], in name: RepositoryName) async throws {
        let time = now()
        let isRight = try await write { catalog in
            let repository = try catalog.ensureRepository(name, at: time)
            let offered = try images.compactMap { try catalog.listedOffer($0, repository: repository) }
            let wrong = offered.filter { !$0.layer.matches($0.checksum) }
            for offer in wrong {
                try catalog.offer([offer.checksum.text], for: offer.id, withDocument: false, repository: repository)
            }
            guard wrong.isEmpty else { return false }
            try catalog.declare(images, repository: repository)
            for offer in offered {
                _ = try catalog.complete(offer.id, checksum: offer.checksum.text, layer: offer.layer, repository: repository)
            }
            return true
        }
        guard isRight else { throw RegistryError.checksumMismatch }
    }

    /// The repository's list of images.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func listedImages(of name: RepositoryName) async throws -> [ListedImage] {
        try await read { try $0.listedImages(repository: $0.known(name).id) }
    }

    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func isPrivate(_ name: RepositoryName) async throws -> Bool {
        try await read { try $0.known(name).isPrivate }
    }

    /// Marks the repository private or public; it is made when it is missing, so that it can be private before its first push.
    public func setPrivate(_ isPrivate: Bool, _ name: RepositoryName) async throws {
        let time = now()
        try await write { try $0.setPrivate(isPrivate, repository: $0.ensureRepository(name, at: time)) }
    }

    /// By name; of one namespace, or of all.
    public func repositories(in namespace: String?) async throws -> [RepositorySummary] {
        try await read { try $0.summaries(in: namespace) }
    }

    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func repository(_ name: RepositoryName) async throws -> RepositorySummary {
        guard let summary = try await read({ try $0.summary(of: name) }) else { throw RegistryError.repositoryUnknown }
        return summary
    }

    /// Sets the description that a search shows and finds.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func describe(_ name: RepositoryName, _ text: String) async throws {
        try await write { try $0.describe($0.known(name).id, text) }
    }

    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func setOfficial(_ isOfficial: Bool, _ name: RepositoryName) async throws {
        try await write { try $0.setOfficial(isOfficial, repository: $0.known(name).id) }
    }

    /// Gives the repository the user's star, or takes it back; a user has one for each.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/userUnknown``.
    public func setStar(_ isSet: Bool, by user: UserName, on name: RepositoryName) async throws {
        try await write { try $0.setStar(isSet, by: $0.known(user), repository: $0.known(name).id) }
    }

    /// Deletes the repository with its tags, its list, its images and its manifests, at once. Bytes stay until nothing names them.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/tagImmutable(_:)``.
    public func delete(_ name: RepositoryName) async throws {
        try await write { catalog in
            let repository = try catalog.known(name).id
            try catalog.checkDeletion(ofTagsIn: repository, name)
            try catalog.deleteRepository(repository)
        }
    }

    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func check(_ name: RepositoryName) async throws {
        try await read { _ = try $0.known(name) }
    }
}

extension Catalog {
    /// A listed sum of an image that is open and has its layer; nil for any other.
    fileprivate func listedOffer(
        _ declared: DeclaredImage, repository: Int64
    ) throws -> (id: ImageID, checksum: LayerChecksum, layer: ImageRow.Layer)? {
        guard let checksum = declared.checksum, let image = try image(declared.id, repository: repository), !image.isComplete,
            let layer = image.layer
        else { return nil }
        return (declared.id, checksum, layer)
    }

    func known(_ name: RepositoryName) throws -> RepositoryRow {
        guard let repository = try repository(name) else { throw RegistryError.repositoryUnknown }
        return repository
    }
}

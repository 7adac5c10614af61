public import ImageModel

extension Registry {
    /// Makes the repository if it is missing, and adds `images` to its list.
    ///
    /// A sum in the list completes an image that is open and has its layer.
    ///
    /// - Throws: ``RegistryError/checksumMismatch`` when a listed sum is wrong for such an image; nothing is changed then.
    public func declare(_ images: [DeclaredImage], in name: RepositoryName) async throws {
        let time = now()
        try await write { catalog in
            let repository = try catalog.ensureRepository(name, at: time)
            try catalog.declare(images, repository: repository)
            for declared in images {
                guard let checksum = declared.checksum, let image = try catalog.image(declared.id, repository: repository),
                    !image.isComplete, let layer = image.layer
                else { continue }
                guard layer.matches(checksum) else { throw RegistryError.checksumMismatch }
                _ = try catalog.complete(declared.id, checksum: checksum.text, layer: layer, repository: repository)
            }
        }
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

    /// Deletes the repository with its tags, its list and its images, at once. Bytes stay until nothing names them.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func delete(_ name: RepositoryName) async throws {
        try await write { try $0.deleteRepository($0.known(name).id) }
    }

    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func check(_ name: RepositoryName) async throws {
        try await read { _ = try $0.known(name) }
    }
}

extension Catalog {
    func known(_ name: RepositoryName) throws -> RepositoryRow {
        guard let repository = try repository(name) else { throw RegistryError.repositoryUnknown }
        return repository
    }
}

public import ImageModel

/// A manifest that is being put.
public struct PushedManifest: Sendable {
    public let manifest: Manifest
    public let document: [UInt8]
    public let digest: Digest
    public let tags: [Tag]

    public init(manifest: Manifest, document: [UInt8], digest: Digest, tags: [Tag]) {
        self.manifest = manifest
        self.document = document
        self.digest = digest
        self.tags = tags
    }
}

extension Registry {
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    public func manifest(_ tag: Tag, of name: RepositoryName) async throws -> StoredManifest {
        try await read { try $0.manifest(tag, of: name) }
    }

    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    public func manifest(_ digest: Digest, of name: RepositoryName) async throws -> StoredManifest {
        try await read { try $0.manifest(digest, of: name) }
    }

    /// Adds the manifest to the repository and lets the tags name it, all or nothing.
    ///
    /// What it names is looked for in the same transaction that then holds it, so no lease is needed: a sweep comes before or after.
    ///
    /// - Throws: ``RegistryError/referencesUnknown(_:)``, ``RegistryError/manifestTypeDiffers(_:)``, ``RegistryError/tagImmutable(_:)``.
    public func put(_ pushed: PushedManifest, in name: RepositoryName, by agent: PushAgent) async throws {
        let time = now()
        let sparse = limits.sparse
        try await write { catalog in
            let repository = try catalog.ensureRepository(name, at: time)
            let missing = try catalog.missing(pushed.manifest, in: repository, sparse: sparse)
            guard missing.isEmpty else { throw RegistryError.referencesUnknown(missing) }
            let imageID = try catalog.imageID(of: pushed.manifest, in: repository)
            let id = try catalog.add(
                pushed.manifest, digest: pushed.digest, document: pushed.document, imageID: imageID, to: repository, at: time)
            for tag in pushed.tags {
                try catalog.setTag(tag, to: .manifest(id), by: agent, of: name, repository: repository, at: time)
            }
        }
    }

    /// Deletes the manifest and the tags that name it, at once.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``, ``RegistryError/tagImmutable(_:)``,
    ///   ``RegistryError/manifestInUse(by:)``.
    public func deleteManifest(_ digest: Digest, of name: RepositoryName) async throws {
        try await write { catalog in
            let repository = try catalog.known(name).id
            guard let id = try catalog.manifestRow(digest, in: repository)?.id else { throw RegistryError.manifestUnknown }
            if let index = try catalog.manifest(naming: digest, as: .manifest, in: repository) {
                throw RegistryError.manifestInUse(by: index)
            }
            try catalog.checkDeletion(ofTagsIn: repository, name, naming: id)
            try catalog.deleteManifest(id)
        }
    }

    /// One page of the manifests that name `digest` as their subject; none for a repository that is not there.
    ///
    /// - Parameter artifactType: only those of this type; empty: only those without one; nil: all.
    public func referrers(
        of digest: Digest, in name: RepositoryName, artifactType: String?, after last: String?, limit: Int
    ) async throws -> Page<Referrer> {
        try await read { catalog in
            guard let repository = try catalog.repository(name)?.id else { return Page([], limit: limit) }
            return Page(
                try catalog.referrers(of: digest, in: repository, artifactType: artifactType, after: last ?? "", limit: limit + 1),
                limit: limit)
        }
    }

    /// One page of the names of the repository's tags.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``.
    public func tagNames(of name: RepositoryName, after last: String?, limit: Int) async throws -> Page<Tag> {
        try await read { catalog in
            Page(try catalog.manifestTags(repository: catalog.known(name).id, after: last ?? "", limit: limit + 1), limit: limit)
        }
    }

    /// One page of the repositories that the caller may pull, by the name that is shown.
    public func repositoryNames(readableBy caller: Caller, after last: String?, limit: Int) async throws -> Page<RepositoryName> {
        try await read { Page(try $0.shownNames(readableBy: caller, after: last ?? "", limit: limit + 1), limit: limit) }
    }
}

extension Catalog {
    /// What the manifest names and the repository does not hold, but should.
    fileprivate func missing(_ manifest: Manifest, in repository: Int64, sparse: RegistryLimits.Sparse) throws -> [Digest] {
        guard sparse != .any else { return [] }
        let blobs = manifest.blobs.filter { !$0.mediaType.isNondistributable && $0.urls.isEmpty }.map(\.digest)
        let children = sparse == .index ? [] : manifest.children.filter(\.urls.isEmpty).map(\.digest)
        return try absent(blobs, as: .blob, in: repository) + absent(children, as: .manifest, in: repository)
    }

    /// The id by which v1 knows the image; of an index, that of the image it has for linux/amd64, or else of its first.
    fileprivate func imageID(of manifest: Manifest, in repository: Int64) throws -> ImageID? {
        if let id = manifest.v1ImageID { return id }
        let children = manifest.children
        let preferred = children.filter { $0.platform?.os == "linux" && $0.platform?.architecture == "amd64" }
        for child in preferred + children {
            if let id = try imageID(of: child.digest, in: repository) { return id }
        }
        return nil
    }
}

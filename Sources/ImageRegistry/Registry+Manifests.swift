public import ImageModel

extension Registry {
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    public func manifest(_ digest: Digest, of name: RepositoryName) async throws -> StoredManifest {
        let origin = try await read { try $0.origin(of: digest, in: name) }
        guard case .manifest(_, let stored) = origin.content else { throw RegistryError.manifestUnknown }
        return stored
    }

    /// Adds the manifest to the repository and lets the tags name it, all or nothing.
    ///
    /// What it names is looked for in the same transaction that then holds it, so no lease is needed: a sweep comes before or after.
    ///
    /// - Throws: ``RegistryError/referencesUnknown(_:)``, ``RegistryError/manifestTypeDiffers(_:)``, ``RegistryError/tagImmutable(_:)``.
    public func put(_ pushed: PushedManifest, in name: RepositoryName, by agent: PushAgent) async throws {
        let time = now()
        let (sparse, platform) = (limits.sparse, faces.platform)
        try await write { catalog in
            let repository = try catalog.ensureRepository(name, at: time)
            let missing = try catalog.missing(pushed.content, in: repository, sparse: sparse)
            guard missing.isEmpty else { throw RegistryError.referencesUnknown(missing) }
            let platformImage = try catalog.platformImage(of: pushed.content, in: repository, platform: platform)
            let namesImage = try catalog.namesImage(pushed.content, in: repository)
            let id = try catalog.add(
                ManifestRow(pushed, platformDigest: platformImage, namesImage: namesImage), to: repository, at: time)
            for tag in pushed.tags {
                try catalog.setTag(tag, to: .manifest(id), by: agent, of: name, repository: repository, at: time)
            }
        }
    }

    /// Deletes the manifest, the tags that name it and its other faces, at once. A manifest that is a face of something else stands for that,
    /// which is deleted as well; of a v1 image, for v1 knows no deletion of images, its tags and faces.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``, ``RegistryError/tagImmutable(_:)``,
    ///   ``RegistryError/manifestInUse(by:)``.
    public func deleteManifest(_ digest: Digest, of name: RepositoryName) async throws {
        try await write { catalog in
            let repository = try catalog.known(name).id
            guard let row = try catalog.manifestRow(digest, in: repository) else { throw RegistryError.manifestUnknown }
            if let index = try catalog.manifest(naming: digest, as: .manifest, in: repository) {
                throw RegistryError.manifestInUse(by: index)
            }
            for content in try catalog.originsShown(by: row.id) + (row.isDerived ? [] : [.manifest(row.id)]) {
                try catalog.checkDeletion(ofTagsIn: repository, name, naming: content)
                switch content {
                case .manifest(let id): try catalog.deleteManifest(id)
                case .image(let id): try catalog.untag(image: id, in: repository)
                }
            }
            _ = try catalog.deleteUnusedManifests(in: repository)
            while try catalog.deleteUnusedImages(in: repository) > 0 {}
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
            Page(try catalog.tagNames(repository: catalog.known(name).id, after: last ?? "", limit: limit + 1), limit: limit)
        }
    }

    /// One page of the repositories that the caller may pull, by the name that is shown.
    public func repositoryNames(readableBy caller: Caller, after last: String?, limit: Int) async throws -> Page<RepositoryName> {
        try await read { Page(try $0.shownNames(readableBy: caller, after: last ?? "", limit: limit + 1), limit: limit) }
    }
}

extension Catalog {
    /// What the manifest names and the repository does not hold, but should.
    fileprivate func missing(_ content: PushedManifest.Content, in repository: Int64, sparse: RegistryLimits.Sparse) throws -> [Digest] {
        guard sparse != .any else { return [] }
        switch content {
        case .schema1(let manifest): return try absent(manifest.layers, as: .blob, in: repository)
        case .manifest(let manifest):
            let blobs = manifest.blobs.filter { !$0.mediaType.isNondistributable && $0.urls.isEmpty }.map(\.digest)
            let children = sparse == .index ? [] : manifest.children.filter(\.urls.isEmpty).map(\.digest)
            return try absent(blobs, as: .blob, in: repository) + absent(children, as: .manifest, in: repository)
        }
    }

    /// Whether v1 may know the image by its id. Ids in manifests of schema 1 are what their pusher wrote, and may stand for another image here.
    fileprivate func namesImage(_ content: PushedManifest.Content, in repository: Int64) throws -> Bool {
        guard case .schema1(let manifest) = content, let top = manifest.entries.first, let id = top.image?.id else { return true }
        return try isFree(id, for: top, in: repository)
    }

    /// The image that stands for an index where a client knows none: the one for `platform`, or else the first that runs. Attestations and the
    /// like are listed for a platform that is called unknown.
    fileprivate func platformImage(of content: PushedManifest.Content, in repository: Int64, platform: Platform) throws -> Digest? {
        guard case .manifest(let manifest) = content else { return nil }
        let children = manifest.children.filter { $0.platform?.os != "unknown" }
        let preferred = children.filter { $0.platform.map(platform.isMet) ?? false }
        for child in preferred + children {
            if let digest = try runnableImage(of: child.digest, in: repository) { return digest }
        }
        return nil
    }
}

extension Platform {
    /// Whether `other` is this platform; a variant counts where this one has it.
    fileprivate func isMet(by other: Platform) -> Bool {
        os == other.os && architecture == other.architecture && (variant == nil || variant == other.variant)
    }
}

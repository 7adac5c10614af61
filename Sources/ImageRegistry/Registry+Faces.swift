public import ImageModel

extension Registry {
    /// What the tag names, as it was pushed.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/manifestUnknown``.
    public func origin(of tag: Tag, in name: RepositoryName) async throws -> Origin {
        try await read { try $0.origin(of: tag, in: name) }
    }

    /// The image that stands for an index where a client knows none; nil when it has none that runs.
    public func platformImage(of index: Origin, in name: RepositoryName) async throws -> Origin? {
        guard let digest = index.platformDigest else { return nil }
        return try await read { try $0.origin(of: digest, in: name) }
    }

    /// Another face of what was pushed, as a manifest; derived when it is asked for the first time.
    ///
    /// - Parameters:
    ///   - kind: not ``Face/v1``.
    ///   - tag: under which it is asked for: it stands in manifests of schema 1.
    /// - Throws: ``RegistryError/conversionRefused(_:as:)``; ``RegistryError/manifestUnknown`` when the origin is gone meanwhile;
    ///   `Turnstile.Full`.
    public func manifest(as kind: Face, of origin: Origin, tag: Tag, in name: RepositoryName) async throws -> StoredManifest {
        guard case .manifest(let id) = try await face(kind, of: origin, label: kind == .schema1 ? tag.text : "", in: name) else {
            throw RegistryError.conversionRefused(.notAnImage, as: kind)
        }
        return try await read { try $0.manifest(row: id) }
    }

    func face(_ kind: Face, of origin: Origin, label: String = "", in name: RepositoryName) async throws -> FaceRow {
        let found = { try await read { try $0.face(kind, of: origin, label: label) } }
        if let face = try await found() { return face }
        // One pass over the layers of schema 1 finds their diff ids and their payload sums: the chain comes first, so that none is read twice.
        if kind == .docker || kind == .oci, origin.isSchema1 { _ = try? await self.face(.v1, of: origin, in: name) }
        return try await derivations.once(.face(kind, origin: origin.key, label: label), found: found) {
            try await Derivation(registry: self, name: name, origin: origin, kind: kind, label: label).run()
        }
    }

    /// Runs `body`, and when it finds no image, once more with the v1 face of the manifests whose image v1 calls `id`.
    func withImages<Value>(_ id: ImageID, in scope: ImageScope, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch RegistryError.imageUnknown {
            guard try await deriveImages(id, in: scope) else { throw RegistryError.imageUnknown }
            return try await body()
        }
    }

    /// False when no manifest has an image of this id.
    func deriveImages(_ id: ImageID, in scope: ImageScope) async throws -> Bool {
        let origins = try await read { try $0.origins(named: id, in: scope) }
        var isFound = false
        for (origin, name) in origins {
            do {
                _ = try await face(.v1, of: origin, in: name)
                isFound = true
            } catch RegistryError.manifestUnknown {
                // It was deleted meanwhile.
                continue
            }
        }
        return isFound
    }

    /// Makes the schema 2 face of an image that a tag names now, if that takes no work on its layers: today's clients are those that ask most.
    /// What fails here is tried again when it is asked for.
    func anticipate(_ tag: Tag, of name: RepositoryName) async {
        guard let origin = try? await origin(of: tag, in: name), let id = origin.pushedImage else { return }
        let isReady = try? await read { catalog in
            try catalog.chain(id, repository: origin.repository).allSatisfy {
                try catalog.layerKnowledge($0.layer)?.content?.isGzip == true
            }
        }
        guard isReady == true else { return }
        _ = try? await face(.docker, of: origin, in: name)
    }
}

extension Origin {
    /// Names what was pushed among all that is there.
    fileprivate var key: String {
        switch content {
        case .image(let id): "\(repository) \(id.text)"
        case .manifest(let id, _): "\(id)"
        }
    }
}

public import ImageModel
public import NIOCore
public import Storage

/// A blob of a repository.
public struct BlobInfo: Sendable, Equatable {
    public let digest: Digest
    /// Bytes.
    public let size: Int64
    /// Whether its repository is private: then no shared cache may keep it.
    public let isPrivate: Bool
}

extension Registry {
    /// The blob, if the repository links it: one statement.
    ///
    /// Whoever asks whether a blob is there is going to rely on it, so its lease is renewed, seldom enough to cost nothing.
    ///
    /// - Throws: ``RegistryError/blobUnknown``, ``RegistryError/repositoryUnknown``.
    public func blob(_ digest: Digest, of name: RepositoryName, isRenewing: Bool) async throws -> BlobInfo {
        let row = try await read { try $0.blob(digest, of: name) }
        let time = now()
        if isRenewing, time - row.leasedAt > limits.grace / 4 {
            try await write { try $0.lease(digest, in: row.repository, at: time) }
        }
        return BlobInfo(digest: digest, size: row.size, isPrivate: row.isPrivate)
    }

    /// The blob and its bytes, opened before anything is answered, so that lost bytes are an honest failure.
    ///
    /// - Throws: ``RegistryError/blobUnknown``, ``RegistryError/repositoryUnknown``.
    public func openBlob(
        _ digest: Digest, of name: RepositoryName, isRenewing: Bool = false
    ) async throws -> (info: BlobInfo, object: StoredObject) {
        let info = try await blob(digest, of: name, isRenewing: isRenewing)
        return (info, try await blobs.open(digest.description, size: info.size))
    }

    /// Takes a whole blob: one pass over the bytes, one write after.
    ///
    /// - Parameter announced: bytes that the body was said to have.
    /// - Throws: ``RegistryError/digestMismatch``, ``RegistryError/blobTooLarge(limit:)``, ``RegistryError/lengthMismatch``,
    ///   ``RegistryError/storageFull``, ``RegistryError/removalUnderway``; what `body` throws, and then nothing is kept.
    public func receiveBlob<Body: AsyncSequence & Sendable>(
        _ body: Body, announced: Int64?, as digest: Digest, in name: RepositoryName
    ) async throws where Body.Element == ByteBuffer {
        try await receiveBlob(body, announced: announced, as: digest, in: name) { _ in }
    }

    /// - Parameter finally: what else belongs into the transaction that makes the blob visible.
    func receiveBlob<Body: AsyncSequence & Sendable>(
        _ body: Body, announced: Int64?, as digest: Digest, in name: RepositoryName,
        finally: @escaping @Sendable (Catalog) throws -> Void
    ) async throws where Body.Element == ByteBuffer {
        if let announced, announced > limits.layerSize { throw RegistryError.blobTooLarge(limit: limits.layerSize) }
        let intake = BlobIntake(limit: limits.layerSize, announced: announced)
        var length: Int64 = 0
        let landed = try await blobs.write { writer in
            let received = try await intake.receive(body, after: 0, hash: RunningHash(digest.algorithm), into: writer)
            guard received.hash.digest == digest else { throw RegistryError.digestMismatch }
            length = received.length
            return digest
        }
        try await link(landed, size: length, to: name, finally: finally)
    }

    /// Makes a landed blob visible in the repository, which is made when it is missing.
    func link(
        _ landed: LandedBlob, size: Int64, to name: RepositoryName, finally: @escaping @Sendable (Catalog) throws -> Void
    ) async throws {
        let time = now()
        try await write { catalog in
            try catalog.record(landed, size: size, at: time)
            try catalog.link(landed.digest, to: catalog.ensureRepository(name, at: time), at: time)
            try finally(catalog)
        }
    }

    /// Lets the repository show a blob that another one has.
    ///
    /// - Parameter source: where it is; nil: any repository that the caller may pull.
    /// - Returns: false when the caller cannot see the blob there.
    public func mount(_ digest: Digest, from source: RepositoryName?, to name: RepositoryName, by caller: Caller) async throws -> Bool {
        let time = now()
        return try await write { catalog in
            if let source {
                guard try catalog.access(of: caller, to: source) != nil, try catalog.isLinked(digest, in: source) else { return false }
            } else {
                guard try catalog.holdsBlob(digest, for: caller) else { return false }
            }
            try catalog.link(digest, to: catalog.ensureRepository(name, at: time), at: time)
            return true
        }
    }

    /// Takes the blob out of the repository at once; its bytes stay until nothing names them.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown``, ``RegistryError/blobUnknown``, ``RegistryError/blobInUse(by:)``.
    public func deleteBlob(_ digest: Digest, of name: RepositoryName) async throws {
        try await write { catalog in
            let repository = try catalog.known(name).id
            if let manifest = try catalog.manifest(naming: digest, as: .blob, in: repository) {
                throw RegistryError.blobInUse(by: manifest)
            }
            guard try catalog.unlink(digest, from: repository) else { throw RegistryError.blobUnknown }
        }
    }
}

extension Catalog {
    fileprivate func isLinked(_ digest: Digest, in name: RepositoryName) throws -> Bool {
        do {
            _ = try blob(digest, of: name)
            return true
        } catch RegistryError.blobUnknown, RegistryError.repositoryUnknown {
            return false
        }
    }
}

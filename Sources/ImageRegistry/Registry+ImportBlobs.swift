public import ImageModel
import ManifestSignatures
public import NIOCore
public import Storage

/// Blobs and manifests that come from another registry's storage.
extension Registry {
    /// Whether the repository has the manifest as one that was pushed; what Wharf has made of another goes with that one.
    public func holdsManifest(_ digest: Digest, in name: RepositoryName) async throws -> Bool {
        try await read { catalog in
            guard let repository = try catalog.repository(name)?.id else { return false }
            return try catalog.manifestRow(digest, in: repository)?.isDerived == false
        }
    }

    /// A manifest of schema 1 as other registries keep it: what was signed, and the signatures apart. Without any, Wharf signs it, as
    /// distribution does when it serves one; the digest covers the payload alone.
    ///
    /// - Parameter signatures: objects of JSON.
    /// - Throws: `SignedDocument.Refusal` when it is none; the key's error.
    public func signedManifest(_ payload: [UInt8], signatures: [[UInt8]]) async throws -> [UInt8] {
        guard !signatures.isEmpty else { return try await manifestSigner().sign(payload, at: now()) }
        guard let document = SignedDocument.assemble(payload: payload, signatures: signatures) else {
            throw SignedDocument.Refusal.notAnObject
        }
        return document
    }

    public func presence(of digest: Digest, in name: RepositoryName) async throws -> BlobPresence {
        try await read { try $0.presence(of: digest, in: name) }
    }

    /// Lets the repository show a blob whose bytes are here, whoever may see them elsewhere: it had them in the other registry.
    ///
    /// - Returns: false when they are not here any more.
    public func linkStored(_ digest: Digest, to name: RepositoryName) async throws -> Bool {
        let time = now()
        return try await write { catalog in
            guard try catalog.hasBlob(digest) else { return false }
            try catalog.link(digest, to: catalog.ensureRepository(name, at: time), at: time)
            return true
        }
    }

    /// Compares bytes with a digest, and stores nothing.
    ///
    /// - Throws: ``RegistryError/digestMismatch``, ``RegistryError/blobTooLarge(limit:)``; what `body` throws.
    public func check<Body: AsyncSequence & Sendable>(_ body: Body, against digest: Digest) async throws
    where Body.Element == ByteBuffer {
        let hash = try await BlobIntake(limit: limits.layerSize, announced: nil)
            .receive(body, after: 0, hash: RunningHash(digest.algorithm), into: Nowhere()).hash
        guard hash.digest == digest else { throw RegistryError.digestMismatch }
    }

    /// Takes over a blob without copying it, once its bytes have been compared with the digest.
    ///
    /// - Parameters:
    ///   - body: the bytes, to be compared.
    ///   - handover: gives the same bytes to the object store.
    /// - Returns: false when the object store cannot take them so; nothing is stored then.
    /// - Throws: as ``check(_:against:)``; ``RegistryError/removalUnderway``.
    public func takeOver<Body: AsyncSequence & Sendable>(
        _ body: Body, size: Int64, as digest: Digest, in name: RepositoryName, by handover: BlobHandover
    ) async throws -> Bool where Body.Element == ByteBuffer {
        try await check(body, against: digest)
        guard let landed = try await blobs.takeOver(digest, by: handover) else { return false }
        try await link(landed, size: size, to: name) { _ in }
        return true
    }
}

extension BlobStore {
    /// Nil when the object store cannot take the bytes so.
    ///
    /// - Throws: as ``write(_:)``.
    fileprivate func takeOver(_ digest: Digest, by handover: BlobHandover) async throws -> LandedBlob? {
        let landed = LandedBlob(digest: digest, removal: try await removal(digest))
        return try await refusals { try await handover(try Self.key(digest)) } ? landed : nil
    }
}

/// Takes bytes that are only summed.
private struct Nowhere: ObjectWriter {
    func write(_ pieces: [ByteBuffer]) async throws {}
}

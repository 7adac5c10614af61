public import ImageModel
public import NIOCore
import Storage

/// Blobs that come in pieces. What was acknowledged of an upload is kept, over restarts too; only one request at a time adds to it.
extension Registry {
    /// - Throws: ``RegistryError/tooManyUploads(limit:)``.
    public func beginUpload(to name: RepositoryName, algorithm: Digest.Algorithm, by caller: Caller) async throws -> UploadStatus {
        let scope = UploadScope(id: .random(), repository: name, caller: caller)
        let time = now()
        let limit = limits.openUploads
        try await write { try $0.beginUpload(scope, algorithm: algorithm, limit: limit, at: time) }
        return UploadStatus(id: scope.id, length: 0)
    }

    /// - Throws: ``RegistryError/uploadUnknown``.
    public func upload(_ scope: UploadScope) async throws -> UploadStatus {
        UploadStatus(id: scope.id, length: try await read { try $0.upload(scope) }.length)
    }

    /// Takes the next piece. When the body is cut off, what has arrived stays.
    ///
    /// - Returns: how far the upload is now.
    /// - Throws: ``RegistryError/uploadUnknown``, ``RegistryError/uploadOutOfOrder(_:)``, ``RegistryError/uploadBusy``,
    ///   ``RegistryError/blobTooLarge(limit:)``, ``RegistryError/lengthMismatch``, ``RegistryError/storageFull``; what `body` throws.
    public func append<Body: AsyncSequence & Sendable>(
        _ body: Body, _ piece: UploadPiece, to scope: UploadScope
    ) async throws -> UploadStatus
    where Body.Element == ByteBuffer {
        let row = try await next(piece, of: scope)
        return UploadStatus(id: scope.id, length: try await append(body, piece, to: scope, row).length)
    }

    /// Takes the last piece, which may be empty, and makes the whole a blob of the repository.
    ///
    /// - Throws: as ``append(_:_:to:)``; ``RegistryError/digestMismatch``, and then the upload is over;
    ///   ``RegistryError/removalUnderway``.
    public func finish<Body: AsyncSequence & Sendable>(
        _ scope: UploadScope, with body: Body, _ piece: UploadPiece, as digest: Digest
    ) async throws where Body.Element == ByteBuffer {
        let row = try await next(piece, of: scope)
        let id = scope.id
        guard row.length > 0 else {
            try await ending(scope) {
                try await receiveBlob(body, announced: piece.length, as: digest, in: scope.repository) { try $0.end(id) }
            }
            return
        }
        let (length, kept) =
            piece.length == 0 ? (row.length, hashes.take(id, length: row.length)) : try await append(body, piece, to: scope, row)
        try await ending(scope) {
            guard try await holds(id, length: length, digest, sum: kept) else { throw RegistryError.digestMismatch }
            let landed = try await blobs.finish(id, length: length, as: digest)
            try await link(landed, size: length, to: scope.repository) { try $0.end(id) }
        }
    }

    /// - Throws: ``RegistryError/uploadUnknown``.
    public func cancel(_ scope: UploadScope) async throws {
        try await write { catalog in
            _ = try catalog.upload(scope)
            try catalog.endUpload(scope.id)
        }
        hashes.forget(scope.id)
        try await blobs.remove(scope.id)
    }

    private func next(_ piece: UploadPiece, of scope: UploadScope) async throws -> UploadRow {
        let row = try await read { try $0.upload(scope) }
        if let start = piece.start, start != row.length {
            throw RegistryError.uploadOutOfOrder(UploadStatus(id: scope.id, length: row.length))
        }
        if let length = piece.length, length > limits.layerSize - row.length { throw RegistryError.blobTooLarge(limit: limits.layerSize) }
        return row
    }

    private func append<Body: AsyncSequence & Sendable>(
        _ body: Body, _ piece: UploadPiece, to scope: UploadScope, _ row: UploadRow
    ) async throws -> (length: Int64, hash: RunningHash?) where Body.Element == ByteBuffer {
        let id = scope.id
        let before = row.length > 0 ? hashes.take(id, length: row.length) : RunningHash(row.algorithm)
        let intake = BlobIntake(limit: limits.layerSize, announced: piece.length)
        var received: BlobIntake.Received?
        let outcome = try await leasing(id) {
            try await blobs.append(to: id, at: row.length) { writer in
                // Only now does nobody else write; whoever did before may have been acknowledged since the row was read.
                guard try await upload(scope).length == row.length else { throw RegistryError.uploadBusy }
                received = try await intake.receive(body, after: row.length, hash: before ?? RunningHash(row.algorithm), into: writer)
            }
        }
        if let failure = outcome.failure as? RegistryError, failure == .uploadBusy { throw failure }
        let time = now()
        let hasGrown = try await write { try $0.growUpload(id, from: row.length, to: outcome.length, at: time) }
        if let failure = outcome.failure { throw failure }
        guard hasGrown else { throw RegistryError.uploadUnknown }
        let hash = before == nil ? nil : received?.hash
        if let hash { hashes.keep(hash, of: id, length: outcome.length) }
        return (outcome.length, hash)
    }

    /// Keeps sweeps from the upload for as long as `body` takes.
    private func leasing<Value: Sendable>(_ id: UploadID, _ body: () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.leaseInterval)
                    let time = now()
                    try await write { try $0.leaseUpload(id, at: time) }
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// How often an upload that is being written to says so.
    private static let leaseInterval = Duration.seconds(30)

    /// Whether the upload's bytes are those that the digest names.
    ///
    /// - Parameter sum: of these bytes, when it was kept.
    private func holds(_ id: UploadID, length: Int64, _ digest: Digest, sum: RunningHash?) async throws -> Bool {
        if let sum, sum.algorithm == digest.algorithm { return sum.digest == digest }
        guard let object = try await blobs.openUpload(id) else {
            // They are a blob already when an earlier request got that far and no further: nothing becomes one unproven.
            guard (try? await blobs.open(digest.description, size: length)) != nil else { throw RegistryError.uploadUnknown }
            return true
        }
        guard object.size >= length else { throw RegistryError.uploadUnknown }
        var hash = RunningHash(digest.algorithm)
        for try await piece in object.bytes(in: 0..<length) { hash.update(piece) }
        return hash.digest == digest
    }

    /// An upload whose bytes are not what they should be is over.
    private func ending(_ scope: UploadScope, _ body: () async throws -> Void) async throws {
        do {
            try await body()
            hashes.forget(scope.id)
        } catch RegistryError.digestMismatch {
            try? await cancel(scope)
            throw RegistryError.digestMismatch
        }
    }
}

extension Catalog {
    fileprivate func end(_ upload: UploadID) throws {
        guard try endUpload(upload) else { throw RegistryError.uploadUnknown }
    }
}

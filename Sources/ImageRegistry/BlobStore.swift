import ImageModel
import Storage

/// A blob whose bytes are in the object store and whose row is still to be written.
struct LandedBlob: Sendable {
    let digest: Digest
    /// The number of the last removal of this digest when the bytes landed; 0: there was none. When it is another one by the time the row
    /// is written, the bytes may be gone again.
    let removal: Int64
}

/// Content addressing over the object store: `blobs/<algorithm>/<2 hex>/<hex>`, and `uploads/<id>` for what is still arriving.
struct BlobStore: Sendable {
    let store: any ObjectStore
    /// The number of the last removal of a digest, once none is under way.
    let removal: @Sendable (Digest) async throws -> Int64

    /// A blob that the catalog names and the store does not have: damage, never "unknown".
    struct Missing: Error, CustomStringConvertible {
        let digest: String
        var description: String { "the object store has lost blob \(digest)" }
    }

    /// - Throws: ``Missing``, also when the object's size is not the one that the catalog has.
    func open(_ digest: String, size: Int64) async throws -> StoredObject {
        guard let digest = Digest(digest), let object = try await store.open(try Self.key(digest)), object.size == size else {
            throw Missing(digest: digest)
        }
        return object
    }

    /// Lends a writer to `produce`; the bytes become the blob of the digest that it returns.
    ///
    /// - Throws: ``RegistryError/storageFull``, ``RegistryError/removalUnderway``, and whatever `produce` throws.
    func write(_ produce: (any ObjectWriter) async throws -> Digest) async throws -> LandedBlob {
        var landed: LandedBlob?
        try await refusals {
            try await store.write { writer in
                let digest = try await produce(writer)
                landed = LandedBlob(digest: digest, removal: try await removal(digest))
                return try Self.key(digest)
            }
        }
        guard let landed else { throw Missing(digest: "that was just written") }
        return landed
    }

    /// Makes an upload's bytes the blob of this digest.
    ///
    /// - Throws: as ``write(_:)``.
    func finish(_ upload: UploadID, length: Int64, as digest: Digest) async throws -> LandedBlob {
        let landed = LandedBlob(digest: digest, removal: try await removal(digest))
        try await refusals { try await store.finish(try Self.key(upload), length: length, as: try Self.key(digest)) }
        return landed
    }

    func append(
        to upload: UploadID, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void
    ) async throws -> AppendOutcome {
        try await refusals { try await store.append(to: try Self.key(upload), at: offset, produce) }
    }

    func openUpload(_ id: UploadID) async throws -> StoredObject? { try await store.open(try Self.key(id)) }

    func remove(_ upload: UploadID) async throws { try await store.remove(try Self.key(upload)) }

    func remove(_ digest: Digest) async throws { try await store.remove(try Self.key(digest)) }

    /// Every blob that the store has, whether a row names it or not.
    func listing() throws -> ObjectListing { store.objects(under: try Self.folder("blobs")) }

    func uploadListing() throws -> ObjectListing { store.objects(under: try Self.folder("uploads")) }

    func check() async throws { try await store.check() }

    func refusals<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch StoreError.noSpace {
            throw RegistryError.storageFull
        } catch StoreError.busy {
            throw RegistryError.uploadBusy
        }
    }

    static func key(_ digest: Digest) throws -> ObjectKey {
        guard let key = ObjectKey("blobs", digest.algorithm.rawValue, String(digest.hex.prefix(2)), digest.hex) else {
            throw Missing(digest: digest.description)
        }
        return key
    }

    private static func folder(_ name: String) throws -> ObjectKey {
        guard let key = ObjectKey(name) else { throw Missing(digest: name) }
        return key
    }

    private static func key(_ upload: UploadID) throws -> ObjectKey {
        guard let key = ObjectKey("uploads", upload.text) else { throw RegistryError.uploadUnknown }
        return key
    }
}

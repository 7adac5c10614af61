import ImageModel
import Storage

/// Content addressing over the object store: `blobs/<algorithm>/<2 hex>/<hex>`.
struct BlobStore: Sendable {
    let store: any ObjectStore

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
    /// - Throws: ``RegistryError/storageFull``, and whatever `produce` throws.
    func write(_ produce: (any ObjectWriter) async throws -> Digest) async throws {
        do {
            try await store.write { try Self.key(try await produce($0)) }
        } catch StoreError.noSpace {
            throw RegistryError.storageFull
        }
    }

    func check() async throws { try await store.check() }

    private static func key(_ digest: Digest) throws -> ObjectKey {
        guard let key = ObjectKey("blobs", digest.algorithm.rawValue, String(digest.hex.prefix(2)), digest.hex) else {
            throw Missing(digest: digest.description)
        }
        return key
    }
}

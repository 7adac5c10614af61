import NIOCore
import Storage

/// Every object of a store, so that two states of it can be compared, and one be gone back to.
struct StoreDump: Sendable {
    let objects: [ObjectKey: ByteBuffer]

    init(_ store: any ObjectStore) async throws {
        var objects: [ObjectKey: ByteBuffer] = [:]
        for try await listing in store.objects(under: nil) {
            guard let object = try await store.open(listing.key) else { continue }
            var bytes = ByteBuffer()
            for try await piece in object.bytes(in: 0..<object.size) { bytes.writeImmutableBuffer(piece) }
            objects[listing.key] = bytes
        }
        self.objects = objects
    }

    /// Puts all of it into `store`, and takes away what else is there.
    func restore(_ store: any ObjectStore) async throws {
        let present = try await StoreDump(store).objects
        for key in present.keys where objects[key] == nil { try await store.remove(key) }
        for (key, bytes) in objects where present[key] != bytes {
            if present[key] != nil { try await store.remove(key) }
            try await store.write { writer in
                try await writer.write([bytes])
                return key
            }
        }
    }

    /// What is in one and not in the other, for people.
    func difference(to other: StoreDump) -> String {
        let keys = Set(objects.keys).union(other.objects.keys).filter { objects[$0] != other.objects[$0] }
        return keys.map { key in
            "\(objects[key] == nil ? "+" : other.objects[key] == nil ? "-" : "±") \(key)"
        }.sorted().joined(separator: "; ")
    }
}

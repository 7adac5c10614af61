import NIOConcurrencyHelpers
import NIOCore

/// An object store in memory, for tests and as the reference of what the protocol means.
public struct MemoryStore: ObjectStore {
    private let objects = NIOLockedValueBox<[ObjectKey: ByteBuffer]>([:])

    public init() {}

    public func open(_ key: ObjectKey) async throws -> StoredObject? {
        guard let bytes = objects.withLockedValue({ $0[key] }) else { return nil }
        return StoredObject(size: Int64(bytes.readableBytes)) { range in
            AsyncThrowingStream { continuation in
                if let slice = bytes.getSlice(at: Int(range.lowerBound), length: range.count), slice.readableBytes > 0 {
                    continuation.yield(slice)
                }
                continuation.finish()
            }
        }
    }

    public func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws {
        let writer = Writer()
        let key = try await produce(writer)
        objects.withLockedValue { $0[key] = writer.collected.withLockedValue(\.self) }
    }

    public func check() async throws {}

    private struct Writer: ObjectWriter {
        let collected = NIOLockedValueBox(ByteBuffer())

        func write(_ pieces: [ByteBuffer]) async throws {
            collected.withLockedValue { collected in
                for piece in pieces { collected.writeImmutableBuffer(piece) }
            }
        }
    }
}

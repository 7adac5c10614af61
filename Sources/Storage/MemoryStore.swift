import NIOConcurrencyHelpers
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An object store in memory, for tests and as the reference of what the protocol means.
public struct MemoryStore: ObjectStore {
    private struct Entry {
        var bytes: ByteBuffer
        var modifiedAt: Int64
    }

    private struct Contents {
        var objects: [ObjectKey: Entry] = [:]
        /// Uploads that somebody appends to.
        var busy: Set<ObjectKey> = []

        /// The upload's first `length` bytes, nothing of it being acknowledged when it is not there.
        func upload(_ key: ObjectKey, length: Int64) throws(StoreError) -> ByteBuffer {
            guard !busy.contains(key) else { throw .busy }
            let bytes = objects[key]?.bytes ?? ByteBuffer()
            guard let start = bytes.getSlice(at: bytes.readerIndex, length: Int(length)) else {
                throw .tooShort(length: Int64(bytes.readableBytes))
            }
            return start
        }
    }

    private let contents = NIOLockedValueBox(Contents())
    private let now: @Sendable () -> Int64

    public init() { self.init(now: { Int64(time(nil)) }) }

    /// - Parameter now: seconds since 1970, for ``ListedObject/modifiedAt``.
    public init(now: @escaping @Sendable () -> Int64) { self.now = now }

    public func open(_ key: ObjectKey) async throws -> StoredObject? {
        guard let bytes = contents.withLockedValue({ $0.objects[key]?.bytes }) else { return nil }
        return StoredObject(size: Int64(bytes.readableBytes)) { range in
            AsyncThrowingStream { continuation in
                let start = bytes.readerIndex + Int(range.lowerBound)
                if let slice = bytes.getSlice(at: start, length: range.count), slice.readableBytes > 0 {
                    continuation.yield(slice)
                }
                continuation.finish()
            }
        }
    }

    public func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws {
        let writer = Writer(ByteBuffer())
        let key = try await produce(writer)
        put(writer.bytes, as: key)
    }

    public func append(
        to upload: ObjectKey, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void
    ) async throws -> AppendOutcome {
        let writer = try contents.withLockedValue { contents in
            let start = try contents.upload(upload, length: offset)
            contents.busy.insert(upload)
            if contents.objects[upload] == nil { contents.objects[upload] = Entry(bytes: start, modifiedAt: now()) }
            return Writer(start)
        }
        var failure: (any Error)?
        do { try await produce(writer) } catch { failure = error }
        return try contents.withLockedValue { contents in
            contents.busy.remove(upload)
            guard contents.objects[upload] != nil else { throw StoreError.tooShort(length: 0) }
            let bytes = writer.bytes
            if bytes.readableBytes > Int(offset) { contents.objects[upload] = Entry(bytes: bytes, modifiedAt: now()) }
            return AppendOutcome(length: Int64(bytes.readableBytes), failure: failure)
        }
    }

    public func finish(_ upload: ObjectKey, length: Int64, as key: ObjectKey) async throws {
        try contents.withLockedValue { contents in
            let isDone = contents.objects[upload] == nil && contents.objects[key]?.bytes.readableBytes == Int(length)
            let bytes = try isDone ? nil : contents.upload(upload, length: length)
            contents.objects[upload] = nil
            if let bytes { contents.objects[key] = Entry(bytes: bytes, modifiedAt: now()) }
        }
    }

    public func remove(_ key: ObjectKey) async throws { contents.withLockedValue { $0.objects[key] = nil } }

    public func objects(under folder: ObjectKey?) -> ObjectListing {
        let listed = contents.withLockedValue { contents in
            contents.objects.filter { $0.key.isUnder(folder) }.map { key, entry in
                ListedObject(key: key, size: Int64(entry.bytes.readableBytes), modifiedAt: entry.modifiedAt)
            }
        }
        return AsyncThrowingStream { continuation in
            for object in listed { continuation.yield(object) }
            continuation.finish()
        }
    }

    public func check() async throws {}

    private func put(_ bytes: ByteBuffer, as key: ObjectKey) {
        contents.withLockedValue { $0.objects[key] = Entry(bytes: bytes, modifiedAt: now()) }
    }

    private struct Writer: ObjectWriter {
        private let collected: NIOLockedValueBox<ByteBuffer>

        init(_ start: ByteBuffer) { collected = NIOLockedValueBox(start) }

        var bytes: ByteBuffer { collected.withLockedValue(\.self) }

        func write(_ pieces: [ByteBuffer]) async throws {
            collected.withLockedValue { collected in
                for piece in pieces { collected.writeImmutableBuffer(piece) }
            }
        }
    }
}

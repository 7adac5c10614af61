public import NIOCore

/// A place for bytes: objects are immutable, appear whole or not at all, and are durable once ``write(_:)`` has returned.
///
/// Drivers: files, memory. What a driver cannot do cheaply (renaming in an object store, say) it hides behind ``write(_:)``, which is why a
/// key is decided after the bytes are known. Every driver passes the contract suite `ObjectStoreContract`.
public protocol ObjectStore: Sendable {
    /// Opens the object, or returns nil when there is none. The object stays readable when it is replaced meanwhile.
    func open(_ key: ObjectKey) async throws -> StoredObject?

    /// Lends a writer to `produce`, then makes what was written appear as the key that `produce` returns.
    ///
    /// An object that is there already under this key is replaced by the new bytes, in one step; one of the same size may be kept instead,
    /// for keys name content. When `produce` throws, nothing is left.
    func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws

    /// Throws when the store cannot take or give bytes just now; for health checks.
    func check() async throws
}

/// Takes the bytes of one object, in order, from one task at a time.
public protocol ObjectWriter: Sendable {
    func write(_ pieces: [ByteBuffer]) async throws
}

/// Bytes in order, at the reader's pace.
public typealias ByteStream = any AsyncSequence<ByteBuffer, any Error> & Sendable

/// An object that has been opened: its size is certain and its bytes can be read, whatever happens to its key.
public struct StoredObject: Sendable {
    public let size: Int64
    /// The file behind the object where there is one, so that the server can send it without copying.
    public let file: OpenFile?
    private let read: @Sendable (Range<Int64>) -> ByteStream

    public init(size: Int64, file: OpenFile? = nil, read: @escaping @Sendable (Range<Int64>) -> ByteStream) {
        self.size = size
        self.file = file
        self.read = read
    }

    /// The bytes of `range`, which is clamped to the object.
    public func bytes(in range: Range<Int64>) -> ByteStream { read(range.clamped(to: 0..<size)) }
}

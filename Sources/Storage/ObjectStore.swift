public import NIOCore

/// A place for bytes: objects are immutable, appear whole or not at all, and are durable once the call that made them has returned.
///
/// An *upload* is bytes that become an object later, and grow by ``append(to:at:_:)`` until then, over several requests and processes. It has
/// a key of its own, at which it can be opened, listed and removed as an object can.
///
/// Drivers: files, memory. What a driver cannot do cheaply (renaming or appending in an object store, say) it hides behind
/// ``write(_:)`` and ``finish(_:length:as:)``: the first decides a key after the bytes are known, the second may copy. Every driver passes
/// the contract suite `ObjectStoreContract`.
public protocol ObjectStore: Sendable {
    /// Opens the object, or returns nil when there is none. The object stays readable when it is replaced or removed meanwhile.
    ///
    /// Of an upload it gives what is there now: at least what was acknowledged, and perhaps more, which may be cut off later.
    func open(_ key: ObjectKey) async throws -> StoredObject?

    /// Lends a writer to `produce`, then makes what was written appear as the key that `produce` returns.
    ///
    /// An object that is there already under this key is replaced by the new bytes, in one step; one of the same size may be kept instead,
    /// for keys name content. When `produce` throws, nothing is left.
    func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws

    /// Lends a writer to `produce` that adds to the upload, of which `offset` bytes were acknowledged. What lies beyond them, from an append
    /// that nobody learnt the end of, is replaced by what is written; when nothing is, it stays. So `produce`, during which nobody else
    /// writes, can still find out that more was acknowledged, and throw. An upload of which nothing was acknowledged need not be there.
    ///
    /// When this returns, the bytes up to the outcome's length are durable, also when `produce` threw in between: its error is in the
    /// outcome. Only for want of room are the bytes given back and ``StoreError/noSpace`` thrown. When this throws, nothing beyond `offset` may be counted on, and the upload goes on at `offset`.
    ///
    /// - Throws: ``StoreError/busy`` while another append or finish of this upload runs, in this process or another;
    ///   ``StoreError/tooShort(length:)`` when fewer than `offset` bytes are there, or the upload was removed meanwhile.
    func append(to upload: ObjectKey, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void) async throws -> AppendOutcome

    /// Makes the upload's first `length` bytes, all of which were acknowledged, appear as `key`; the upload is gone then. Durable when this
    /// returns. A finish that failed may be asked for again, also when it got further than its caller learnt.
    ///
    /// An object that is there already is treated as in ``write(_:)``. An upload of no bytes need not be there.
    ///
    /// - Throws: ``StoreError/busy`` and ``StoreError/tooShort(length:)`` as ``append(to:at:_:)`` does.
    func finish(_ upload: ObjectKey, length: Int64, as key: ObjectKey) async throws

    /// Removes the object or upload; one that is not there is no error. After a power cut it may be there again.
    func remove(_ key: ObjectKey) async throws

    /// Everything whose key begins with the components of `folder`, or everything there is, in no particular order; for sweeps, never for
    /// a request. Uploads are listed as well. Read as it is asked for: what appears or goes meanwhile may be listed or not.
    func objects(under folder: ObjectKey?) -> ObjectListing

    /// Throws when the store cannot take or give bytes just now; for health checks.
    func check() async throws
}

/// Takes the bytes of one object, in order, from one task at a time.
public protocol ObjectWriter: Sendable {
    func write(_ pieces: [ByteBuffer]) async throws
}

/// How far an append to an upload came.
public struct AppendOutcome: Sendable {
    /// Bytes of the upload that are durable now: the offset of the next append.
    public let length: Int64
    /// What `produce` threw, when it did.
    public let failure: (any Error)?

    public init(length: Int64, failure: (any Error)? = nil) {
        self.length = length
        self.failure = failure
    }
}

/// An object that a listing found.
public struct ListedObject: Hashable, Sendable {
    public let key: ObjectKey
    /// Bytes.
    public let size: Int64
    /// When it appeared, was last written again or, being an upload, was last appended to, in seconds since 1970.
    public let modifiedAt: Int64

    public init(key: ObjectKey, size: Int64, modifiedAt: Int64) {
        self.key = key
        self.size = size
        self.modifiedAt = modifiedAt
    }
}

/// Objects, at the reader's pace.
public typealias ObjectListing = any AsyncSequence<ListedObject, any Error> & Sendable

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

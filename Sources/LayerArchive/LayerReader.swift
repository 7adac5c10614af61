import Synchronization

/// Reads a layer as its bytes pass: what it is packed with, its diff id, its size unpacked, its tarsums, its files.
///
/// Bytes are pushed in, in pieces of any size; nothing of them is kept, and memory does not grow with the layer's length. Reading is work
/// for the processor alone, as much as hashing twice and unpacking once, so large pieces (256 KiB and more) belong off an event loop.
///
/// A reader is used by one task at a time and may move between threads. It is `Sendable` because its state is behind a lock, which nobody
/// ever waits for when it is used as meant.
public final class LayerReader: Sendable {
    /// What is to be learned.
    public struct Options: Sendable {
        /// The labels to compute; each one costs a hash over the unpacked stream. The first reading takes ``standardTarsums``, because
        /// a client's label comes after the layer; for another one the layer is read again with that label alone.
        public let tarsums: [Tarsum.Label]
        /// What goes into every tarsum before the members: the image's JSON for `X-Docker-Checksum`, nothing for the layer sums of early
        /// v2.
        public let extra: [UInt8]
        /// Whether ``LayerContents/files`` is wanted.
        public let listsFiles: Bool
        public let limits: LayerLimits

        /// What all pushes of Registry v1 send.
        public static let standardTarsums = [Tarsum.Label(version: .v0)]

        public init(
            tarsums: [Tarsum.Label] = standardTarsums, extra: [UInt8] = [], listsFiles: Bool = false, limits: LayerLimits = LayerLimits()
        ) {
            self.tarsums = tarsums
            self.extra = extra
            self.listsFiles = listsFiles
            self.limits = limits
        }
    }

    private let state: Mutex<LayerReaderState>

    public init(_ options: Options = Options()) {
        state = Mutex(LayerReaderState(options))
    }

    /// Reads the next bytes of the layer. They are needed only during the call.
    ///
    /// - Throws: ``LayerArchiveError`` when a limit is exceeded. The reader then is of no further use: it throws the same again.
    public func update(_ bytes: UnsafeRawBufferPointer) throws(LayerArchiveError) {
        let piece = LentBytes(bytes: bytes)
        try state.withLock { (state) throws(LayerArchiveError) in try state.update(piece.bytes) }
    }

    /// To be called once, after the last bytes.
    ///
    /// - Throws: ``LayerArchiveError`` when a limit is exceeded, now or before.
    public func finish() throws(LayerArchiveError) -> LayerContents {
        try state.withLock { (state) throws(LayerArchiveError) in try state.finish() }
    }
}

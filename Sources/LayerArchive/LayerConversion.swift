public import ImageModel
import Synchronization

/// One pass over a stored layer for what its other faces need: the sum of the unpacked stream, and the gzip that every engine reads.
///
/// Bytes are pushed in, in pieces of any size, and memory does not grow with the layer's length. Converting is work for the processor
/// alone, so it belongs off an event loop. Few bytes may unpack to very many: who gathers what `sink` is handed, and does not write it at
/// once, calls ``update(_:from:sink:)``, which stops after every MiB or so.
///
/// A conversion is used by one task at a time and may move between threads. It is `Sendable` because its state is behind a lock, which
/// nobody ever waits for when it is used as meant.
public final class LayerConversion: Sendable {
    /// What is to be made of the layer.
    public struct Options: Sendable {
        /// Whether ``Outcome/diffID`` is wanted.
        public let findsDiffID: Bool
        /// Whether the layer is wanted as gzip. Of a layer that is gzip already nothing is made: its bytes stay.
        public let packs: Bool
        /// Of these ``LayerLimits/uncompressedSize`` and ``LayerLimits/decoderMemory`` count.
        public let limits: LayerLimits

        public init(findsDiffID: Bool, packs: Bool, limits: LayerLimits = LayerLimits()) {
            self.findsDiffID = findsDiffID
            self.packs = packs
            self.limits = limits
        }
    }

    /// What has come of a layer.
    public struct Outcome: Hashable, Sendable {
        /// SHA-256 of the unpacked stream, of plain bytes as well. Nil when it was not asked for, or the layer is not whole.
        public let diffID: Digest?
        /// The length of the unpacked stream, in bytes; of a layer that is not whole, of as much as happened to be unpacked.
        public let uncompressedSize: Int
        /// False for a packed stream that is damaged or cut off. What was handed out then is of no use. Bytes after a whole stream are
        /// passed over, as gzip(1) does. ``Compression/none`` is always whole.
        public let isWhole: Bool
    }

    private let state: Mutex<LayerConversionState>

    /// - Parameter compression: how the layer is packed: ``Compression/ofHead(_:)``. A layer packed otherwise is not whole.
    public init(_ options: Options, compression: Compression) {
        state = Mutex(LayerConversionState(options, compression: compression))
    }

    /// Takes the next bytes of the layer, which are needed only during the call.
    ///
    /// - Parameter sink: is handed the packed bytes that are ready, if any; they are valid only while it runs.
    /// - Throws: ``LayerArchiveError`` when a limit is exceeded. The conversion then is of no further use: it throws the same again.
    public func update(_ bytes: UnsafeRawBufferPointer, sink: (UnsafeRawBufferPointer) -> Void) throws(LayerArchiveError) {
        var next: Int? = 0
        while let start = next { next = try update(bytes, from: start, sink: sink) }
    }

    /// Takes some of `bytes`, beginning at `start`, and stops when they have unpacked to 1 MiB or little more; about as much is handed out
    /// at most.
    ///
    /// - Returns: where to go on in the same bytes; that may be their end, from which more comes all the same. Nil when nothing more comes
    ///   of them, and the next bytes are wanted.
    /// - Throws: as ``update(_:sink:)``.
    public func update(
        _ bytes: UnsafeRawBufferPointer, from start: Int, sink: (UnsafeRawBufferPointer) -> Void
    ) throws(LayerArchiveError) -> Int? {
        let lent = LentBytes(bytes: bytes)
        let (packed, next) = try state.withLock { (state) throws(LayerArchiveError) in try state.update(lent.bytes, from: start) }
        if !packed.isEmpty { packed.withUnsafeBytes(sink) }
        return next
    }

    /// To be called once, after the last bytes. Hands out what is left.
    ///
    /// - Throws: ``LayerArchiveError`` when a limit was exceeded before.
    public func finish(sink: (UnsafeRawBufferPointer) -> Void) throws(LayerArchiveError) -> Outcome {
        let (packed, outcome) = try state.withLock { (state) throws(LayerArchiveError) in try state.finish() }
        if !packed.isEmpty { packed.withUnsafeBytes(sink) }
        return outcome
    }
}

import Crypto
public import ImageModel

/// SHA-256 over the image's JSON, a newline, and the layer's bytes as they are stored (v1.md §6.1).
public struct PayloadSum: Sendable {
    private var hash = SHA256()

    /// - Parameter json: the exact bytes of the image's JSON document.
    public init(json: some Collection<UInt8>) {
        let head = Array(json) + [UInt8(ascii: "\n")]
        head.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    /// Adds the next bytes of the layer.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// The sum of all bytes so far.
    public func finalize() -> ImageModel.Digest { ImageModel.Digest(hash.finalize()) }
}

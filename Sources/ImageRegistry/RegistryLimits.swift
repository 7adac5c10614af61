/// What a client may make the registry take. The configuration reference gives each its default.
public struct RegistryLimits: Sendable {
    /// Bytes of a layer as it is sent.
    public let layerSize: Int64
    /// Bytes that a layer may unpack to; they are counted and not stored.
    public let uncompressedLayerSize: Int64
    /// Images in a chain, the base included.
    public let ancestryLength: Int

    public init(layerSize: Int64, uncompressedLayerSize: Int64, ancestryLength: Int) {
        self.layerSize = layerSize
        self.uncompressedLayerSize = uncompressedLayerSize
        self.ancestryLength = ancestryLength
    }
}

/// What a client may make the registry take. The configuration reference gives each its default.
public struct RegistryLimits: Sendable {
    /// Which manifests may name what the repository does not hold.
    public enum Sparse: String, Sendable, CaseIterable {
        /// None.
        case refuse
        /// An index may name manifests that are not there.
        case index
        /// Any manifest may name anything.
        case any
    }

    /// Bytes of a layer or blob as it is sent.
    public let layerSize: Int64
    /// Bytes that a layer may unpack to; they are counted and not stored.
    public let uncompressedLayerSize: Int64
    /// Images in a chain, the base included.
    public let ancestryLength: Int
    /// Uploads that one repository may have open.
    public let openUploads: Int
    /// Descriptors in one manifest.
    public let manifestReferences: Int
    public let sparse: Sparse
    /// Seconds for which what nothing names is kept all the same, and so may be relied upon.
    public let grace: Int64

    public init(
        layerSize: Int64, uncompressedLayerSize: Int64, ancestryLength: Int, openUploads: Int = 1000, manifestReferences: Int = 10_000,
        sparse: Sparse = .refuse, grace: Int64 = 86_400
    ) {
        self.layerSize = layerSize
        self.uncompressedLayerSize = uncompressedLayerSize
        self.ancestryLength = ancestryLength
        self.openUploads = openUploads
        self.manifestReferences = manifestReferences
        self.sparse = sparse
        self.grace = grace
    }
}

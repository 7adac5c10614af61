public import ImageModel

/// How images are shown to clients of another dialect than their pusher's.
public struct FaceSettings: Sendable {
    /// The image of an index that clients get which know no index. It is chosen when the index is pushed.
    public let platform: Platform
    /// Bytes of the largest image config that is read to derive a face.
    public let configSize: Int
    /// Faces that are derived at once; each takes memory for unpacking and packing a layer.
    public let atOnce: Int

    public init(platform: Platform = Platform(os: "linux", architecture: "amd64"), configSize: Int = 4 << 20, atOnce: Int = 4) {
        self.platform = platform
        self.configSize = configSize
        self.atOnce = atOnce
    }
}

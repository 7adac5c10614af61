public import ImageModel

/// How images are shown to clients of another dialect than their pusher's.
public struct FaceSettings: Sendable {
    /// The image of an index that clients get which know no index. It is chosen when the index is pushed.
    public let platform: Platform
    /// Bytes of the largest image config that is read to derive a face.
    public let configSize: Int
    /// Layers that are read at once to derive faces; each takes memory for unpacking and packing it.
    public let atOnce: Int

    public init(platform: Platform = Platform(os: "linux", architecture: "amd64"), configSize: Int = 4 << 20, atOnce: Int = 4) {
        self.platform = platform
        self.configSize = configSize
        self.atOnce = atOnce
    }
}

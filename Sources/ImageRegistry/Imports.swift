public import ImageModel
public import Storage

/// A repository as another registry kept it. It is made with the first thing that comes into it.
public struct ImportedRepository: Sendable {
    public let name: RepositoryName
    /// Whether it is made private before anything comes into it; otherwise it is what it is here, or what new ones are.
    public let isPrivate: Bool
    /// For one that has none here.
    public let description: String?

    public init(_ name: RepositoryName, isPrivate: Bool = false, description: String? = nil) {
        self.name = name
        self.isPrivate = isPrivate
        self.description = description
    }
}

/// A v1 image as another registry kept it.
public struct ImportedImage: Sendable {
    public let image: V1Image
    /// Byte for byte.
    public let document: [UInt8]
    /// Bytes of the layer.
    public let layerSize: Int64
    /// The sums that the other registry found when the image came, as it wrote them.
    public let sums: [String]

    public init(image: V1Image, document: [UInt8], layerSize: Int64, sums: [String]) {
        self.image = image
        self.document = document
        self.layerSize = layerSize
        self.sums = sums
    }
}

/// A tag as another registry kept it.
public struct ImportedTag: Sendable {
    public enum Target: Sendable, Hashable {
        case image(ImageID)
        case manifest(Digest)
    }

    public let tag: Tag
    public let target: Target
    /// Seconds since 1970.
    public let updatedAt: Int64
    public let agent: PushAgent

    public init(tag: Tag, target: Target, updatedAt: Int64, agent: PushAgent) {
        self.tag = tag
        self.target = target
        self.updatedAt = updatedAt
        self.agent = agent
    }
}

/// What importing a tag comes to.
public enum TagImport: Sendable, Hashable {
    /// It is new here.
    case set
    /// It named something else, and was moved.
    case moved
    /// It names this already.
    case present
    /// It names something else, and stays.
    case kept
}

/// What a repository has of a blob that is to be imported.
public enum BlobPresence: Sendable, Hashable {
    case linked
    /// The bytes are here, and this repository does not show them.
    case stored
    case absent
}

/// A way to make a file's bytes an object without copying them. False where that cannot be; then they are copied.
public typealias BlobHandover = @Sendable (ObjectKey) async throws -> Bool

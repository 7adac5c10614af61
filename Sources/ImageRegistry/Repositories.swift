public import ImageModel
public import LayerArchive

/// An image that a client declares a repository to hold, with a sum for it if it has one.
public struct DeclaredImage: Sendable, Equatable {
    public let id: ImageID
    public let checksum: LayerChecksum?

    public init(id: ImageID, checksum: LayerChecksum? = nil) {
        self.id = id
        self.checksum = checksum
    }
}

/// One element of a repository's list of images. The checksum is the one that completed the image, else the declared one.
public struct ListedImage: Sendable, Equatable {
    public let id: String
    public let checksum: String?
}

/// Which program set a tag, as far as its `User-Agent` said (v1.md §2.5).
public struct PushAgent: Sendable, Equatable {
    public let dockerVersion: String?
    public let goVersion: String?
    public let architecture: String?
    public let operatingSystem: String?
    public let kernel: String?

    public init(dockerVersion: String?, goVersion: String?, architecture: String?, operatingSystem: String?, kernel: String?) {
        self.dockerVersion = dockerVersion
        self.goVersion = goVersion
        self.architecture = architecture
        self.operatingSystem = operatingSystem
        self.kernel = kernel
    }
}

/// What is known of a tag beside its name.
public struct TagDetails: Sendable, Equatable {
    public let imageID: String
    /// Seconds since 1970.
    public let updatedAt: Int64
    public let agent: PushAgent
}

/// A repository as a search shows it.
public struct SearchResult: Sendable, Equatable {
    public let name: String
    public let description: String
    public let starCount: Int
    public let isOfficial: Bool
    public let isAutomated: Bool
    public let isTrusted: Bool
}

/// A repository as those who look after it see it.
public struct RepositorySummary: Sendable, Equatable {
    public let name: RepositoryName
    public let description: String
    public let isPrivate: Bool
    public let isOfficial: Bool
    public let starCount: Int
    public let tagCount: Int
    /// Complete images.
    public let imageCount: Int
    /// Seconds since 1970.
    public let createdAt: Int64
}

/// What a manifest says of something else: its type, digest and size, and what helps to choose it (OCI image specification, "Descriptors").
///
/// Annotations and embedded data are checked when a manifest is read and then left to its bytes.
public struct Descriptor: Sendable, Equatable {
    public let mediaType: MediaType
    public let digest: Digest
    /// In bytes, from 0 up.
    public let size: Int64
    /// Where else the content may be had; a registry need not have it then.
    public let urls: [String]
    public let platform: Platform?
    /// Of the manifest that is described, as written; nil when absent or empty.
    public let artifactType: String?

    public init(
        mediaType: MediaType, digest: Digest, size: Int64, urls: [String] = [], platform: Platform? = nil, artifactType: String? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.urls = urls
        self.platform = platform
        self.artifactType = artifactType
    }
}

public import ImageModel

/// A manifest as it was pushed.
public struct StoredManifest: Sendable, Equatable {
    public let digest: Digest
    public let mediaType: MediaType
    public let document: [UInt8]
    /// Whether its repository is private: then no shared cache may keep it.
    public let isPrivate: Bool
}

/// A manifest that names another as its subject, as lists of referrers show it (OCI Distribution, "Listing Referrers").
public struct Referrer: Sendable, Equatable {
    public let digest: Digest
    public let mediaType: MediaType
    public let size: Int64
    public let artifactType: String?
    /// A JSON object, or nil when the manifest has none.
    public let annotations: [UInt8]?
}

/// A page of something that is listed by keys.
public struct Page<Element: Sendable>: Sendable {
    public let elements: [Element]
    /// Whether there are more.
    public let continues: Bool

    /// - Parameter found: one more than the limit, if there are.
    init(_ found: [Element], limit: Int) {
        elements = Array(found.prefix(limit))
        continues = found.count > limit && limit > 0
    }
}

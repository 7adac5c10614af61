public import ImageModel

/// What names a manifest within its repository (OCI Distribution, "Pulling manifests").
public enum Reference: Hashable, Sendable, CustomStringConvertible {
    case tag(Tag)
    case digest(Digest)

    /// Tags have no colon and digests have one, so a colon tells what was meant.
    ///
    /// - Throws: ``PathRefusal/digest`` for a digest of an unknown algorithm or a bad shape, ``PathRefusal/reference`` for what is no tag.
    public init(_ text: some StringProtocol) throws(PathRefusal) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let digest = Digest(text) else { throw .digest }
            self = .digest(digest)
        } else {
            guard let tag = Tag(text) else { throw .reference }
            self = .tag(tag)
        }
    }

    public var description: String {
        switch self {
        case .tag(let tag): tag.text
        case .digest(let digest): digest.description
        }
    }
}

/// A media type without parameters, in lower case: `application/vnd.oci.image.manifest.v1+json`.
///
/// Types compare without regard to case (RFC 9110 §8.3.1), so the lower-case form is the only one that is kept. Unknown types are as good
/// as known ones: a registry stores what it does not understand.
public struct MediaType: Hashable, Sendable, CustomStringConvertible {
    /// The longest type, in bytes: RFC 6838 §4.2 allows 127 on each side of the slash.
    public static let lengthLimit = 255

    public let text: String

    /// Nil unless `field` is `type/subtype`, each of them a token (RFC 9110 §5.6.2). What follows a semicolon is dropped unread.
    public init?(_ field: some StringProtocol) {
        let type = field.utf8.prefix { $0 != UInt8(ascii: ";") }.trimmed
        let slash = UInt8(ascii: "/")
        guard type.count <= Self.lengthLimit, let middle = type.firstIndex(of: slash) else { return nil }
        let names = [type[..<middle], type[type.index(after: middle)...]]
        guard names.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isTokenByte) }) else { return nil }
        text = String(decoding: type.map(\.lowercased), as: UTF8.self)
    }

    /// As ``init(_:)``, but nil for parameters and blanks too: how a document names its own type.
    init?(plain text: String) {
        guard let type = MediaType(text), type.text.utf8.count == text.utf8.count else { return nil }
        self = type
    }

    private init(unchecked text: String) { self.text = text }

    public var description: String { text }
}

extension MediaType {
    public static let ociManifest = MediaType(unchecked: "application/vnd.oci.image.manifest.v1+json")
    public static let ociIndex = MediaType(unchecked: "application/vnd.oci.image.index.v1+json")
    /// Of a draft of OCI image 1.1; tools that followed the draft still push it.
    public static let ociArtifactManifest = MediaType(unchecked: "application/vnd.oci.artifact.manifest.v1+json")
    public static let dockerManifest = MediaType(unchecked: "application/vnd.docker.distribution.manifest.v2+json")
    public static let dockerManifestList = MediaType(unchecked: "application/vnd.docker.distribution.manifest.list.v2+json")
    public static let dockerSchema1 = MediaType(unchecked: "application/vnd.docker.distribution.manifest.v1+json")
    public static let dockerSchema1Signed = MediaType(unchecked: "application/vnd.docker.distribution.manifest.v1+prettyjws")
    public static let ociConfig = MediaType(unchecked: "application/vnd.oci.image.config.v1+json")
    public static let dockerConfig = MediaType(unchecked: "application/vnd.docker.container.image.v1+json")
    /// The type of `{}`, which stands where an artifact has nothing to say.
    public static let ociEmpty = MediaType(unchecked: "application/vnd.oci.empty.v1+json")
    /// Says nothing of the bytes.
    static let octetStream = MediaType(unchecked: "application/octet-stream")
    /// Says of a manifest no more than that it is JSON.
    public static let json = MediaType(unchecked: "application/json")

    /// A layer that may not be given on and therefore need not be in a registry (OCI image specification, "Non-Distributable Layers").
    public var isNondistributable: Bool {
        text.hasPrefix("application/vnd.oci.image.layer.nondistributable.")
            || text.hasPrefix("application/vnd.docker.image.rootfs.foreign.")
    }

    /// A container image's config, of OCI or Docker; any other config is an artifact's.
    public var isImageConfig: Bool { self == .ociConfig || self == .dockerConfig }

    /// Whether it says that the bytes are JSON for programs: what a registry serves must not be a page that a browser runs.
    var isJSON: Bool { text.hasPrefix("application/") && (text.hasSuffix("+json") || self == .json || isSchema1) }

    /// A manifest of schema 1, signed or not.
    public var isSchema1: Bool { self == .dockerSchema1 || self == .dockerSchema1Signed }
}

extension BidirectionalCollection<UInt8> {
    /// Without the blanks and tabs at both ends.
    fileprivate var trimmed: SubSequence {
        guard let last = lastIndex(where: { !$0.isBlank }), let first = firstIndex(where: { !$0.isBlank }) else { return self[endIndex...] }
        return self[first...last]
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    fileprivate var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }

    /// RFC 9110 §5.6.2.
    fileprivate var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}

/// The name of a user or an organization, which is also a namespace: `[a-z0-9_]`, 4 to 30 characters (Docker Hub API, "User register").
public struct UserName: Hashable, Sendable, CustomStringConvertible {
    public static let lengths = 4...30
    /// Words that a route uses, of any dialect: nobody may be called so.
    static let reserved: Set<String> = [
        "library", "registry", "repository", "repositories", "images", "tags", "auth", "users", "search", "token", "json", "properties",
        "layer", "ancestry", "checksum", "files", "diff", "manifests", "blobs", "uploads", "referrers", "cache", "catalog", "metrics",
        "healthz", "readyz", "anonymous",
    ]

    public let text: String

    public init?(_ text: some StringProtocol) {
        guard Self.lengths.contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed), !Self.reserved.contains(String(text)) else {
            return nil
        }
        self.text = String(text)
    }

    public var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

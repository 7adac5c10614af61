/// What somebody may do with a repository; each includes those before it.
public enum Access: String, Sendable, CaseIterable, Comparable, Codable {
    /// Pull: read images, tags and lists.
    case read
    /// Push: add images, set and delete tags.
    case write
    /// Change who may see it, who else may work with it, and delete it.
    case admin

    public static func < (left: Access, right: Access) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .read: 1
        case .write: 2
        case .admin: 3
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why something of a foreign tree cannot be read.
public enum TreeError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing
    /// A symbolic link, which is never followed: it could lead out of the tree.
    case symbolicLink
    /// Something else than the file or folder that belongs there.
    case wrongKind
    case tooLarge(limit: Int)
    /// It became shorter or longer while it was read.
    case changed
    /// The system refused with `code` (errno).
    case system(code: CInt)

    /// Completes "the layer …".
    public var description: String {
        switch self {
        case .missing: "is missing"
        case .symbolicLink: "is a symbolic link, and those are not followed"
        case .wrongKind: "is neither a file nor a folder, or the wrong one of them"
        case .tooLarge(let limit): "has more than \(limit) bytes"
        case .changed: "changed while it was read"
        case .system(let code): "cannot be read: \(String(cString: strerror(code)))"
        }
    }

    /// What the call that has just failed left in errno.
    static func last() -> TreeError {
        switch errno {
        case ENOENT: .missing
        case ELOOP: .symbolicLink
        case ENOTDIR, EISDIR, ENXIO, ENODEV: .wrongKind
        // A name that no file system has is that of no file.
        case ENAMETOOLONG: .missing
        default: .system(code: errno)
        }
    }
}

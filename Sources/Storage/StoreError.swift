#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a store could not do what was asked.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no room for the bytes.
    case noSpace
    /// The system refused `operation` with `code` (errno).
    case system(operation: String, code: CInt)

    public var description: String {
        switch self {
        case .noSpace: "there is no space left in the object store"
        case .system(let operation, let code): "the object store cannot \(operation): \(String(cString: strerror(code)))"
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a store could not do what was asked.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no room for the bytes.
    case noSpace
    /// Another append to the upload, or its finish, is at work.
    case busy
    /// The upload holds `length` bytes, fewer than were acknowledged; 0 when it is not there.
    case tooShort(length: Int64)
    /// The system refused `operation` with `code` (errno).
    case system(operation: String, code: CInt)

    public var description: String {
        switch self {
        case .noSpace: "there is no space left in the object store"
        case .busy: "somebody else is writing to the upload"
        case .tooShort(let length): "the object store has lost bytes of the upload: \(length) are there"
        case .system(let operation, let code): "the object store cannot \(operation): \(String(cString: strerror(code)))"
        }
    }
}

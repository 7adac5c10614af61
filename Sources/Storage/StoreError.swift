/// Why a store could not do what was asked.
public enum StoreError: Error, Hashable, Sendable {
    /// There is no room for the bytes.
    case noSpace
    /// The system refused `operation` with `code` (errno).
    case system(operation: String, code: CInt)
}

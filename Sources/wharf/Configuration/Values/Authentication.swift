/// How callers show who they are.
enum Authentication: String, CaseIterable, Sendable {
    /// Not at all: whoever reaches the server may do everything.
    case none
}

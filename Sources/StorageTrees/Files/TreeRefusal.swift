/// Why a folder is no tree of the kind that was asked for.
public struct TreeRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence without a capital and a full stop.
    public let description: String

    init(_ description: String) { self.description = description }
}

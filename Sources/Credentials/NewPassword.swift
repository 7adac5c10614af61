/// A password that somebody chooses: long enough by the document (Docker Hub API, "User register"), and not so long that it only costs.
public struct NewPassword: Sendable {
    /// Characters.
    public static let lengths = 5...1024

    public let text: String

    /// Nil unless the length fits, and for a NUL, which hashes cannot tell from the end.
    public init?(_ text: String) {
        guard Self.lengths.contains(text.unicodeScalars.count), !text.contains("\0") else { return nil }
        self.text = text
    }
}

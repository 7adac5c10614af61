/// The id of a v1 image: 64 lower-case hexadecimal digits, or the 16 that docker-registry 0.9.1 accepts as well.
///
/// The id says nothing about content (v1.md §7.2): anyone may claim any id, so an id is looked up within a repository.
public struct ImageID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Nil unless `text` is 16 or 64 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count == 64 || bytes.count == 16, bytes.allSatisfy(\.isLowerHex) else { return nil }
        self.text = String(text)
    }

    public var description: String { text }
}

/// Tags of repositories as a rule writes them: `REPOSITORY:TAG`, in both of which `*` stands for any run of characters: `team/*:v*`,
/// `*:latest`.
public struct TagPattern: Hashable, Sendable, CustomStringConvertible {
    public let repository: RepositoryPattern
    /// The pieces of the tag between its stars; one piece is a plain tag.
    private let tag: [String]

    /// Nil without a colon, for what is no ``RepositoryPattern`` before it, and for a tag that no tag could match because of a character or
    /// its length.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"), let repository = RepositoryPattern(text[..<colon]) else { return nil }
        let pieces = text[text.index(after: colon)...].split(separator: "*", omittingEmptySubsequences: false).map { String($0) }
        let rest = pieces.joined()
        // What follows a star at the very beginning may begin with a dot or a hyphen, as no tag does.
        guard Tag(rest) != nil || pieces.count > 1 && pieces.first == "" && Tag("_" + rest) != nil else { return nil }
        self.repository = repository
        tag = pieces
    }

    public func matches(_ repository: RepositoryName, _ tag: Tag) -> Bool {
        self.repository.matches(repository) && Stars.match(self.tag, tag.text)
    }

    public var description: String { "\(repository):\(tag.joined(separator: "*"))" }
}

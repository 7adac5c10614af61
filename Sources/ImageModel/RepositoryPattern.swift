/// Names of repositories as a rule or an API key writes them: `*` stands for any run of characters, slashes too. Without a slash and a star
/// it is a name of `library/`, as everywhere.
public struct RepositoryPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pieces between the stars; one piece is a plain name.
    public let pieces: [String]

    public init?(_ text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.count <= RepositoryName.lengthLimit, text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        let pieces = text.split(omittingEmptySubsequences: false) { $0 == "*" }.map { String($0) }
        guard pieces.count == 1 else {
            self.pieces = pieces
            return
        }
        guard let name = RepositoryName(text) else { return nil }
        self.pieces = [name.text]
    }

    public var description: String { pieces.joined(separator: "*") }

    public func matches(_ name: RepositoryName) -> Bool { Stars.match(pieces, name.text) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_./*".utf8.contains(byte)
        }
    }
}

extension RepositoryPattern {
    /// This repository and no other.
    public init(_ name: RepositoryName) { pieces = [name.text] }
}

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

    public func matches(_ name: RepositoryName) -> Bool {
        guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return pieces == [name.text] }
        guard name.text.utf8.count >= first.utf8.count + last.utf8.count, name.text.hasPrefix(first), name.text.hasSuffix(last) else {
            return false
        }
        var rest = name.text.dropFirst(first.count).dropLast(last.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

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

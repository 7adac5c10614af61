/// Text with stars, each of which stands for any run of characters, an empty one too.
enum Stars {
    /// Whether `text` reads as the pieces between the stars, in order; one piece is plain text. In time linear in `text` for each piece:
    /// every piece takes the first place that fits, and none is ever taken back.
    static func match(_ pieces: [String], _ text: String) -> Bool {
        guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return pieces == [text] }
        guard text.utf8.count >= first.utf8.count + last.utf8.count, text.hasPrefix(first), text.hasSuffix(last) else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

/// An e-mail address as a form takes it: one `@`, a dot-atom before it and a host name after it (RFC 5321 §4.1.2 without quoted strings and
/// address literals, which nobody registers with).
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// RFC 5321 §4.5.3.1: 64 before the `@`, 254 in all.
    static let localLimit = 64
    static let lengthLimit = 254

    /// As it was written.
    public let text: String

    public init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, text.utf8.count <= Self.lengthLimit, Self.isLocal(halves[0]), Self.isHost(halves[1]) else { return nil }
        self.text = String(text)
    }

    /// The same for two spellings that reach one mailbox nearly everywhere; addresses are unique by it.
    public var folded: String { text.lowercased() }

    public var description: String { text }

    private static func isLocal(_ text: some StringProtocol) -> Bool {
        guard text.utf8.count <= localLimit else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
        }
    }

    private static func isHost(_ text: some StringProtocol) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count > 1
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}

/// The name of a tag: a letter, digit or underscore, then at most 127 of those, dots and hyphens.
///
/// The grammar is that of engines since 1.3 and of OCI Distribution ("Pulling manifests"); v1.md §1.5.
public struct Tag: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Nil unless `text` follows the grammar.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard let first = bytes.first, first.isWordByte, bytes.count <= 128,
            bytes.dropFirst().allSatisfy({ $0.isWordByte || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.text = String(text)
    }

    /// The tag that a pull without a tag means.
    public static let latest = Tag(unchecked: "latest")

    /// For text that follows the grammar by the way it came about.
    init(unchecked text: String) { self.text = text }

    public var description: String { text }
}

extension UInt8 {
    /// An ASCII letter, digit or underscore.
    fileprivate var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

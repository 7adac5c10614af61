/// The name of an upload that is under way: a UUID in lower case, as it stands in `/v2/…/blobs/uploads/{id}`.
public struct UploadID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Nil unless `text` is a UUID in lower case (RFC 9562 §4), of whatever version.
    public init?(_ text: some StringProtocol) {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard groups.map(\.count) == [8, 4, 4, 4, 12], groups.allSatisfy({ $0.allSatisfy(\.isLowerHex) }) else { return nil }
        self.text = String(text)
    }

    /// A new one of version 4 (RFC 9562 §5.4), from the system's random numbers: it cannot be guessed.
    public static func random() -> UploadID {
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let groups = [bytes[..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10...]]
        return UploadID(unchecked: groups.map { Hex.encode($0) }.joined(separator: "-"))
    }

    private init(unchecked text: String) { self.text = text }

    public var description: String { text }
}

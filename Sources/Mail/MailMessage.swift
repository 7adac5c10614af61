/// One message of plain text to one reader. What could end a header field or a command early is refused, so nothing that came from outside
/// can add a field or a reader.
public struct MailMessage: Sendable, Equatable {
    public enum Refusal: Error, Equatable, Sendable {
        /// An address is not printable ASCII with one `@`, or has blanks, brackets, commas or quotes, or is longer than 254 bytes.
        case address(String)
        /// A subject holds a line break or another control character, or is longer than 500 bytes.
        case subject
        /// A body holds a NUL or is larger than 256 KiB.
        case body
    }

    /// RFC 5321 §4.5.3.1.3, less the brackets.
    static let addressLimit = 254
    static let subjectLimit = 500
    static let bodyLimit = 256 << 10

    public let from: String
    public let to: String
    public let subject: String
    /// Lines end with LF, CRLF or CR.
    public let body: String

    public init(from: String, to: String, subject: String, body: String) throws(Refusal) {
        for address in [from, to] {
            guard Self.isAddress(address) else { throw .address(address) }
        }
        guard subject.utf8.count <= Self.subjectLimit,
            !subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw .subject }
        guard body.utf8.count <= Self.bodyLimit, !body.utf8.contains(0) else { throw .body }
        self.from = from
        self.to = to
        self.subject = subject
        self.body = body
    }

    /// Not the whole grammar: only what is safe in a command and in a field without quoting.
    private static func isAddress(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count <= addressLimit && bytes.count { $0 == UInt8(ascii: "@") } == 1
            && bytes.first != UInt8(ascii: "@") && bytes.last != UInt8(ascii: "@")
            && bytes.allSatisfy { (0x21...0x7e).contains($0) && !"<>()[]\\\",;:".utf8.contains($0) }
    }
}

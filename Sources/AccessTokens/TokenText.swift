import FoundationEssentials

/// A token in its compact form (RFC 7515 §7.1), cut into parts and not trusted in anything.
///
/// Of the header only the key's name and the algorithm are read, and both only to be compared. What else may stand there – a key
/// (`jwk`, `x5c`) or an address of one (`jku`, `x5u`) – is the sender's word for itself and looked at by nobody.
public struct TokenText: Sendable {
    /// Bytes of a token, as long as fields of a request are.
    public static let lengthLimit = 16_384

    /// The key's name; nil: not said.
    public let keyID: String?
    let algorithm: String
    let signed: [UInt8]
    let payload: Data
    let signature: Data

    /// - Throws: ``TokenRefusal/tooLong``, ``TokenRefusal/malformed``, ``TokenRefusal/critical``.
    public init(_ text: some StringProtocol) throws(TokenRefusal) {
        let bytes = Array(text.utf8.prefix(Self.lengthLimit + 1))
        guard bytes.count <= Self.lengthLimit else { throw .tooLong }
        // Counted before anything is cut: a text of dots makes no parts.
        guard bytes.count(where: { $0 == Self.dot }) == 2 else { throw .malformed }
        let parts = bytes.split(separator: Self.dot, omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URLText.decode(parts[0]), let payload = Base64URLText.decode(parts[1]),
            let signature = Base64URLText.decode(parts[2]), let fields = try? JSONDecoder().decode(Header.self, from: header)
        else { throw .malformed }
        guard !fields.isCritical else { throw .critical }
        keyID = fields.keyID
        algorithm = fields.algorithm
        signed = Array(bytes[..<parts[1].endIndex])
        self.payload = payload
        self.signature = signature
    }

    private static let dot = UInt8(ascii: ".")

    private struct Header: Decodable {
        let algorithm: String
        let keyID: String?
        let isCritical: Bool

        enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
            case keyID = "kid"
            case critical = "crit"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            algorithm = try fields.decode(String.self, forKey: .algorithm)
            keyID = try fields.decodeIfPresent(String.self, forKey: .keyID)
            isCritical = fields.contains(.critical)
        }
    }
}

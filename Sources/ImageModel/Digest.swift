public import Crypto

/// The name of some bytes by their hash, as `sha256:<64 hex>` or `sha512:<128 hex>`.
///
/// A value of this type is always well formed: there is no other way in than ``init(_:)`` and the hash functions themselves.
/// Source: OCI image specification, "Digests".
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    public enum Algorithm: String, Sendable, CaseIterable {
        case sha256, sha512

        var hexLength: Int {
            switch self {
            case .sha256: 64
            case .sha512: 128
            }
        }
    }

    public let algorithm: Algorithm
    /// Lower-case hexadecimal, of exactly the algorithm's length.
    public let hex: String

    /// Nil unless `text` is `algorithm:hex` with a known algorithm, the right length and lower-case hexadecimal.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"),
            let algorithm = Algorithm(rawValue: String(text[..<colon]))
        else { return nil }
        let hex = text[text.index(after: colon)...]
        guard hex.utf8.count == algorithm.hexLength, hex.utf8.allSatisfy(\.isLowerHex) else { return nil }
        self.algorithm = algorithm
        self.hex = String(hex)
    }

    public init(_ digest: SHA256.Digest) {
        algorithm = .sha256
        hex = Hex.encode(digest)
    }

    public init(_ digest: SHA512.Digest) {
        algorithm = .sha512
        hex = Hex.encode(digest)
    }

    public var description: String { "\(algorithm.rawValue):\(hex)" }
}

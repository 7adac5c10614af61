/// A sum over the members of a tar instead of its bytes, so that it survives another packing (v1.md §6.2): `tarsum.v1+sha256:HEX`.
public struct Tarsum: Hashable, Sendable, CustomStringConvertible {
    /// Which fields of a member count.
    public enum Version: String, Hashable, Sendable, CaseIterable {
        /// What every push of Registry v1 sends.
        case v0 = "tarsum"
        /// Without times, with extended attributes: the layer sums of the first v2 registries.
        case v1 = "tarsum.v1"
        /// The rules of ``v1`` under the label of Docker 1.3.
        case dev = "tarsum.dev"
    }

    /// The hash that every step of the sum uses.
    public enum Hash: String, Hashable, Sendable, CaseIterable {
        case md5, sha1, sha256, sha384, sha512

        /// The length of a sum, in hexadecimal digits.
        public var hexLength: Int {
            switch self {
            case .md5: 32
            case .sha1: 40
            case .sha256: 64
            case .sha384: 96
            case .sha512: 128
            }
        }
    }

    /// What stands before the colon: says how the sum is to be computed.
    public struct Label: Hashable, Sendable, CustomStringConvertible {
        public let version: Version
        public let hash: Hash

        public init(version: Version, hash: Hash = .sha256) {
            self.version = version
            self.hash = hash
        }

        /// Nil unless `text` is `VERSION+HASH` with a known version and hash.
        public init?(_ text: some StringProtocol) {
            let parts = text.split(separator: "+", omittingEmptySubsequences: false)
            guard parts.count == 2, let version = Version(rawValue: String(parts[0])), let hash = Hash(rawValue: String(parts[1]))
            else { return nil }
            self.init(version: version, hash: hash)
        }

        public var description: String { "\(version.rawValue)+\(hash.rawValue)" }
    }

    public let label: Label
    /// Lower-case hexadecimal, of exactly the hash's length.
    public let hex: String

    init(label: Label, hex: String) {
        self.label = label
        self.hex = hex
    }

    /// Nil unless `text` is `VERSION+HASH:HEX` with a known label, the right length and lower-case hexadecimal.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"), let label = Label(text[..<colon]) else { return nil }
        let hex = text[text.index(after: colon)...]
        guard hex.utf8.count == label.hash.hexLength, hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.init(label: label, hex: String(hex))
    }

    public var description: String { "\(label):\(hex)" }
}

import Crypto

extension Digest {
    /// The digest of these bytes under one algorithm.
    public static func of(_ bytes: [UInt8], _ algorithm: Algorithm) -> Digest {
        switch algorithm {
        case .sha256: Digest(SHA256.hash(data: bytes))
        case .sha512: Digest(SHA512.hash(data: bytes))
        }
    }

    /// The tag under which clients keep the list of what refers to this digest, where a registry has no list of its own: algorithm and the
    /// first 64 digits, with a hyphen between. Source: OCI distribution specification, "Referrers Tag Schema".
    public var referrersTag: Tag { Tag(unchecked: "\(algorithm.rawValue)-\(hex.prefix(64))") }
}

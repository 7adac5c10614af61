public import ImageModel

/// A checksum that a client offers for a layer, in any form that an engine has sent (v1.md §6.1, §6.2).
public enum LayerChecksum: Hashable, Sendable {
    /// `sha256:HEX` over image JSON, newline and layer bytes: see ``PayloadSum``.
    case payload(Digest)
    /// `tarsum+sha256:HEX` and its further versions; ``Tarsum/label`` says what to compute.
    case tarsum(Tarsum)

    /// Nil for text of any other form, an unknown algorithm, or hexadecimal of the wrong length or in upper case.
    public init?(_ text: some StringProtocol) {
        if let tarsum = Tarsum(text) {
            self = .tarsum(tarsum)
        } else if let digest = Digest(text), digest.algorithm == .sha256 {
            self = .payload(digest)
        } else {
            return nil
        }
    }
}

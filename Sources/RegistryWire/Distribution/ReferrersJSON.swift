public import ImageModel

/// The answer of `GET …/referrers/DIGEST`: an image index (OCI Distribution, "Listing Referrers").
public enum ReferrersJSON {
    /// A manifest whose subject was asked for.
    public struct Row: Hashable, Sendable {
        public let mediaType: MediaType
        public let digest: Digest
        /// In bytes.
        public let size: Int64
        public let artifactType: String?
        /// A JSON object as it stands in the manifest; goes out as it is, so it must have been read as JSON when it came in.
        public let annotations: [UInt8]?

        public init(mediaType: MediaType, digest: Digest, size: Int64, artifactType: String?, annotations: [UInt8]?) {
            self.mediaType = mediaType
            self.digest = digest
            self.size = size
            self.artifactType = artifactType
            self.annotations = annotations
        }
    }

    /// The index of `rows`, in their order.
    public static func document(_ rows: [Row]) -> [UInt8] {
        var bytes = Array(#"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":"#.utf8)
        JSONText.append(each: rows, between: "[", "]", to: &bytes) { append($0, to: &$1) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func append(_ row: Row, to bytes: inout [UInt8]) {
        bytes += Array(#"{"mediaType":"#.utf8)
        JSONText.append(row.mediaType.text, to: &bytes)
        bytes += Array(#","digest":"\#(row.digest)","size":\#(row.size)"#.utf8)
        if let artifactType = row.artifactType {
            bytes += Array(#","artifactType":"#.utf8)
            JSONText.append(artifactType, to: &bytes)
        }
        if let annotations = row.annotations {
            bytes += Array(#","annotations":"#.utf8)
            bytes += annotations
        }
        bytes.append(UInt8(ascii: "}"))
    }
}

import ImageModel
import LayerArchive

/// What was learned of a layer in the one pass over its bytes.
struct LayerSums: Sendable {
    let digest: Digest
    /// Bytes as they were sent.
    let size: Int64
    let payloadSum: Digest
    let contents: LayerContents

    /// The layer as the image's row has it. Engines before 1.3 count only the last of several entries of one path, so version 0 may have two
    /// sums (v1.md §6.2).
    var row: ImageRow.Layer {
        let sums = contents.tarsums.filter { $0.label == .standard }.map(\.description)
        return ImageRow.Layer(
            digest: digest.description, size: size, payloadSum: payloadSum.description, tarsum: sums.first,
            tarsumLastPathWins: sums.dropFirst().first)
    }

    func matches(_ checksum: LayerChecksum) -> Bool {
        switch checksum {
        case .payload(let sum): sum == payloadSum
        case .tarsum(let sum): contents.tarsums.contains(sum)
        }
    }
}

/// A layer that is stored, and what was learned of it on the way.
struct ReceivedLayer: Sendable {
    let landed: LandedBlob
    let sums: LayerSums

    var digest: Digest { landed.digest }
    /// Bytes as they were sent and are stored.
    var size: Int64 { sums.size }
    var contents: LayerContents { sums.contents }
    var row: ImageRow.Layer { sums.row }

    /// The sum of the unpacked bytes; of what is not packed, that of the bytes themselves.
    var diffID: Digest { contents.diffID ?? digest }

    func matches(_ checksum: LayerChecksum) -> Bool { sums.matches(checksum) }
}

extension ImageRow.Layer {
    func matches(_ checksum: LayerChecksum) -> Bool { [payloadSum, tarsum, tarsumLastPathWins].contains(checksum.text) }
}

extension LayerChecksum {
    /// The text that it was parsed from.
    var text: String {
        switch self {
        case .payload(let sum): sum.description
        case .tarsum(let sum): sum.description
        }
    }

    var tarsumLabel: Tarsum.Label? {
        if case .tarsum(let sum) = self { sum.label } else { nil }
    }
}

extension Tarsum.Label {
    /// What every push sends, and every layer is summed by.
    static let standard = Tarsum.Label(version: .v0)
}

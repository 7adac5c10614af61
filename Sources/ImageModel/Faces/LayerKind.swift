/// What a layer's media type says of it: that it is a file system, how it is packed, and whether it may be given on.
public struct LayerKind: Hashable, Sendable {
    public enum Packing: Hashable, Sendable, CaseIterable {
        case plain, gzip, zstd

        fileprivate var ociSuffix: String {
            switch self {
            case .plain: ""
            case .gzip: "+gzip"
            case .zstd: "+zstd"
            }
        }

        fileprivate var dockerSuffix: String {
            switch self {
            case .plain: ""
            case .gzip: ".gzip"
            case .zstd: ".zstd"
            }
        }
    }

    public let packing: Packing
    /// Whether it need not be in a registry, because it may not be given on.
    public let isForeign: Bool

    public init(packing: Packing, isForeign: Bool) {
        self.packing = packing
        self.isForeign = isForeign
    }

    /// Nil for types of anything but a layer's archive.
    public init?(_ type: MediaType) {
        guard let kind = Self.byType[type] else { return nil }
        self = kind
    }

    /// The type in a manifest of this face. Nil where the face has no word for it: v1 and schema 1 have none at all, and Docker none for zstd.
    public func mediaType(_ face: Face) -> MediaType? {
        switch face {
        case .v1, .schema1: nil
        case .docker: packing == .zstd ? nil : dockerType
        case .oci: ociType
        }
    }

    private var ociType: MediaType? {
        MediaType("application/vnd.oci.image.layer.\(isForeign ? "nondistributable." : "")v1.tar\(packing.ociSuffix)")
    }

    private var dockerType: MediaType? {
        MediaType("application/vnd.docker.image.rootfs.\(isForeign ? "foreign." : "")diff.tar\(packing.dockerSuffix)")
    }

    /// Docker's types with zstd are read, because some tools write them, and never written.
    private static let byType: [MediaType: LayerKind] = {
        var kinds: [MediaType: LayerKind] = [:]
        for packing in Packing.allCases {
            for isForeign in [false, true] {
                let kind = LayerKind(packing: packing, isForeign: isForeign)
                for type in [kind.ociType, kind.dockerType] {
                    if let type { kinds[type] = kind }
                }
            }
        }
        return kinds
    }()
}

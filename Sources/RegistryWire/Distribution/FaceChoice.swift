public import ImageModel

/// What a tag names, as far as it counts for what a client is shown.
public enum Tagged: Hashable, Sendable {
    case v1Image
    case schema1Manifest
    /// A manifest of a container image.
    case image(MediaType)
    case index(MediaType)
    /// Any other manifest.
    case artifact(MediaType)
}

/// Which face of an image a client is shown that asks for a tag: the one table of `docs/faces.md`.
///
/// A client is shown what was pushed when it takes that, and else what can be made of it; by digest nothing is ever made.
public struct FaceChoice: Sendable {
    public enum Decision: Hashable, Sendable {
        case asPushed
        /// Of an index, the image that stands for it; then it is decided again.
        case platformImage
        case derived(Face)
        /// The client takes nothing that this can be.
        case notAcceptable
    }

    private let accepted: AcceptField
    private let readsSchema1Only: Bool

    public init(_ accepted: AcceptField, by agent: ClientAgent) {
        self.accepted = accepted
        readsSchema1Only = accepted.isEmpty && agent.readsSchema1Only
    }

    public func decision(for tagged: Tagged) -> Decision {
        switch tagged {
        case .v1Image:
            return readsSchema1Only ? .derived(.schema1) : derived(from: [.docker, .oci, .schema1])
        case .schema1Manifest:
            // Who names newer types beside schema 1 reads those better.
            if let newer = [Face.docker, .oci].first(where: { face in face.mediaTypes.contains(where: accepted.names) }) {
                return .derived(newer)
            }
            return admits(.schema1) ? .asPushed : derived(from: [.docker, .oci])
        case .image(let type):
            if readsSchema1Only { return .derived(.schema1) }
            return accepted.admits(type) ? .asPushed : derived(from: [.docker, .oci, .schema1])
        case .index(let type): return !readsSchema1Only && accepted.admits(type) ? .asPushed : .platformImage
        case .artifact(let type): return !readsSchema1Only && accepted.admits(type) ? .asPushed : .notAcceptable
        }
    }

    /// Whether the client takes what was pushed, should the face that it would read best be impossible.
    public func admitsAsPushed(_ tagged: Tagged) -> Bool {
        switch tagged {
        case .v1Image: false
        case .schema1Manifest: admits(.schema1)
        case .image(let type), .index(let type), .artifact(let type): !readsSchema1Only && accepted.admits(type)
        }
    }

    private func derived(from faces: [Face]) -> Decision {
        faces.first(where: admits).map { .derived($0) } ?? .notAcceptable
    }

    private func admits(_ face: Face) -> Bool { face.mediaTypes.contains(where: accepted.admits) }
}

extension Face {
    /// The manifests that this face is; none for v1, which has no manifest.
    fileprivate var mediaTypes: [MediaType] {
        switch self {
        case .v1: []
        case .schema1: [.dockerSchema1Signed, .dockerSchema1]
        case .docker: [.dockerManifest]
        case .oci: [.ociManifest]
        }
    }
}

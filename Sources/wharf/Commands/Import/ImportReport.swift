/// What an import has brought, or would bring.
struct ImportReport: Encodable, Sendable {
    enum Kind: String, Encodable, Sendable {
        case images, manifests
    }

    /// What repositories consist of, beside tags.
    let kind: Kind
    let isDryRun: Bool
    var repositories: [RepositoryImport] = []
    /// What concerns no repository in particular.
    var problems: [ImportProblem] = []
    /// What else is worth knowing.
    var notes: [String] = []

    init(of kind: Kind, isDryRun: Bool) {
        self.kind = kind
        self.isDryRun = isDryRun
    }

    var isComplete: Bool { problems.isEmpty && repositories.allSatisfy(\.problems.isEmpty) }
}

/// What came into one repository.
struct RepositoryImport: Encodable, Sendable {
    let name: String
    /// As the tree has it; a tree that says nothing of that has none.
    var isPrivate = false
    var tags = ImportTally()
    /// v1 images, or manifests.
    var contents = ImportTally()
    /// Bytes of the layers or blobs that came and were not here in another repository.
    var bytes: Int64 = 0
    var problems: [ImportProblem] = []

    init(name: String) { self.name = name }
}

struct ImportTally: Encodable, Sendable, Equatable {
    var added = 0
    /// They were here.
    var present = 0
    var leftOut = 0
}

/// Something that was left out.
struct ImportProblem: Encodable, Sendable, Hashable {
    /// What the reason is, for programs.
    enum Reason: String, Encodable, Sendable, CaseIterable {
        case invalidName = "invalid_name"
        case symbolicLink = "symbolic_link"
        case unreadable
        case tooLarge = "too_large"
        // Of docker-registry's images.
        case imageMissing = "image_missing"
        case jsonMissing = "json_missing"
        case layerMissing = "layer_missing"
        case inProgress = "in_progress"
        case jsonInvalid = "json_invalid"
        case idDiffers = "id_differs"
        case checksumDiffers = "checksum_differs"
        case ancestryBroken = "ancestry_broken"
        /// Another image has the id here.
        case imageDiffers = "image_differs"
        // Of distribution's manifests.
        case manifestMissing = "manifest_missing"
        case manifestInvalid = "manifest_invalid"
        case blobMissing = "blob_missing"
        /// The bytes are in the tree, and the repository has no right to them.
        case blobNotLinked = "blob_not_linked"
        case digestDiffers = "digest_differs"
        // Of tags.
        case tagInvalid = "tag_invalid"
        /// It names something else here.
        case tagKept = "tag_kept"
        case tagImmutable = "tag_immutable"
    }

    /// `tag 1.0`, `image 5a3f…`, `manifest sha256:…`, `repository`.
    let item: String
    let reason: Reason
    /// One sentence without a capital and a full stop.
    let detail: String
}

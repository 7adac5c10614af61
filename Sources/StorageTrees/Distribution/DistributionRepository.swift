public import ImageModel

/// A repository of distribution: links to blobs, by what they are.
public struct DistributionRepository: Sendable {
    private let folder: TreeFolder

    init(_ folder: TreeFolder) { self.folder = folder }

    /// The manifests that the repository holds, tagged or not; and names that are no digests.
    public func manifests() throws(TreeError) -> (digests: [Digest], invalid: [String]) {
        try digests(below: ["_manifests", "revisions"])
    }

    /// The names of the tags as they are written, whether or not they are allowed.
    public func tagNames() throws(TreeError) -> [String] { try names(["_manifests", "tags"]) }

    /// The manifest that the tag names, and when that was said, in seconds since 1970.
    public func tag(_ name: String) throws(TreeError) -> (target: Digest, updatedAt: Int64) {
        try link(["_manifests", "tags", name, "current"])
    }

    /// The blob with a manifest's bytes: under its own digest, unless the registry kept it by another algorithm. Of schema 1 it may be the
    /// payload alone.
    public func manifest(_ digest: Digest) throws(TreeError) -> Digest {
        try link(["_manifests", "revisions", digest.algorithm.rawValue, digest.hex]).target
    }

    /// The blobs with the signatures of a manifest of schema 1, which versions up to 2.4 keep apart; later ones keep none.
    public func signatures(of digest: Digest) throws(TreeError) -> [Digest] {
        let path = ["_manifests", "revisions", digest.algorithm.rawValue, digest.hex, "signatures"]
        var targets: [Digest] = []
        for signature in try digests(below: path).digests {
            targets.append(try link(path + [signature.algorithm.rawValue, signature.hex]).target)
        }
        return targets
    }

    /// The blob that the repository shows by this digest: of the same one, unless the registry kept it by another algorithm.
    public func blob(_ digest: Digest) throws(TreeError) -> Digest {
        try link(["_layers", digest.algorithm.rawValue, digest.hex]).target
    }

    private func link(_ path: [String]) throws(TreeError) -> (target: Digest, updatedAt: Int64) {
        let file = try folder.file(path + ["link"])
        let text = String(decoding: try file.contents(limit: DistributionTree.linkLimit), as: UTF8.self).trimmingBlanks
        guard let target = Digest(text) else { throw .wrongKind }
        return (target, file.modifiedAt)
    }

    private func digests(below path: [String]) throws(TreeError) -> (digests: [Digest], invalid: [String]) {
        var found: (digests: [Digest], invalid: [String]) = ([], [])
        for algorithm in try names(path) {
            for hex in try names(path + [algorithm]) {
                if let digest = Digest("\(algorithm):\(hex)") {
                    found.digests.append(digest)
                } else {
                    found.invalid.append("\(algorithm):\(hex)")
                }
            }
        }
        return found
    }

    /// None when there is no such folder.
    private func names(_ path: [String]) throws(TreeError) -> [String] {
        do throws(TreeError) { return try folder.folder(path).names() } catch .missing { return [] }
    }
}

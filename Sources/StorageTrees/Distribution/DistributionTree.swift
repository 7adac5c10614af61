public import ImageModel

/// The storage folder of distribution 2.x and 3.x, as its driver for local files writes it: `docker/registry/v2/…` with `blobs` and
/// `repositories` (distribution, "registry/storage/paths.go").
public struct DistributionTree: Sendable {
    private let root: TreeFolder
    private let repositories: TreeFolder

    /// Bytes of a link; a digest has at most 135.
    static let linkLimit = 1024

    /// - Parameter path: `rootdirectory`, in which `docker/registry/v2` is, or that folder itself.
    public init(path: String) throws(TreeRefusal) {
        let given: TreeFolder
        do {
            given = try TreeFolder(path: path)
        } catch {
            throw TreeRefusal("the folder \(path) \(error)")
        }
        for names in [["docker", "registry", "v2"], ["registry", "v2"], ["v2"], []] {
            guard let root = try? given.folder(names), let repositories = try? root.folder("repositories"),
                (try? root.folder("blobs")) != nil
            else { continue }
            self.root = root
            self.repositories = repositories
            return
        }
        throw TreeRefusal(
            "\(path) is no storage folder of distribution, which has `docker/registry/v2` with `blobs` and `repositories` in it")
    }

    /// The folders below one, which is a path within the tree (empty: the top), and whether it is a repository itself. A repository may have
    /// others below it.
    public func look(at path: [String]) throws(TreeError) -> (folders: [String], isRepository: Bool) {
        let names = try repositories.folder(path).names()
        // What belongs to a repository begins with `_`, as no part of a name does.
        return (names.filter { !$0.hasPrefix("_") }, !path.isEmpty && names.contains("_manifests"))
    }

    public func repository(at path: [String]) throws(TreeError) -> DistributionRepository {
        DistributionRepository(try repositories.folder(path))
    }

    /// A blob's file, wherever it is linked.
    public func blob(_ digest: Digest) throws(TreeError) -> TreeFile {
        try root.file("blobs", digest.algorithm.rawValue, String(digest.hex.prefix(2)), digest.hex, "data")
    }
}

public import ImageModel

/// The storage folder of docker-registry 0.5 to 0.9, as its driver for local files wrote it (v1.md §8).
public struct DockerRegistryTree: Sendable {
    private let root: TreeFolder
    private let namespaces: TreeFolder

    /// Bytes of any of the small files: ids, lists of ids, sums.
    static let smallFileLimit = 16 << 20

    /// - Parameter path: the folder that holds `images` and `repositories` (`storage_path`).
    public init(path: String) throws(TreeRefusal) {
        do {
            root = try TreeFolder(path: path)
        } catch {
            throw TreeRefusal("the folder \(path) \(error)")
        }
        do {
            namespaces = try root.folder("repositories")
            _ = try root.folder("images")
        } catch {
            throw TreeRefusal("\(path) is no storage folder of docker-registry, which has the folders `images` and `repositories`")
        }
    }

    /// The namespaces as they are written in the tree.
    public func namespaceFolders() throws(TreeError) -> [String] { try namespaces.names() }

    /// The repositories of a namespace.
    public func repositories(in namespace: String) throws(TreeError) -> [Entry] {
        try namespaces.folder(namespace).names().map { Entry(namespace: namespace, folder: $0) }
    }

    /// Where a repository should be.
    public struct Entry: Hashable, Sendable {
        /// As they are written in the tree.
        public let namespace: String
        public let folder: String
        /// Nil when the folders' names stand for none that is allowed: they are quoted, the second one twice.
        public let name: RepositoryName?

        init(namespace: String, folder: String) {
            self.namespace = namespace
            self.folder = folder
            name = FormQuoting.unquote(namespace).flatMap { namespace in
                FormQuoting.unquote(folder).flatMap { FormQuoting.unquote($0) }.flatMap { RepositoryName("\(namespace)/\($0)") }
            }
        }
    }

    public func open(_ entry: Entry) throws(TreeError) -> DockerRegistryRepository {
        try DockerRegistryRepository(namespaces.folder(entry.namespace, entry.folder))
    }

    public func image(_ id: ImageID) throws(TreeError) -> DockerRegistryImage {
        DockerRegistryImage(id: id, folder: try root.folder("images", id.text))
    }
}

/// Collects the lines of a `files` document, up to a limit of lines and of bytes in their paths.
final class FileLister: TarEntryConsumer {
    private(set) var files: [LayerFile] = []
    private var pathBytes = 0
    private let limits: LayerLimits

    init(limits: LayerLimits) { self.limits = limits }

    func begin(_ entry: TarEntry) throws(LayerArchiveError) {
        guard let file = LayerFile(entry) else { return }
        pathBytes += file.path.utf8.count
        guard files.count < limits.listedFiles else { throw .listedFilesExceeded(limit: limits.listedFiles) }
        guard pathBytes <= limits.listedPathBytes else { throw .listedPathBytesExceeded(limit: limits.listedPathBytes) }
        files.append(file)
    }

    func body(_ bytes: UnsafeRawBufferPointer) {}

    func end() {}
}

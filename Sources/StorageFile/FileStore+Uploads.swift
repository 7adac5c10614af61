import NIOPosix
public import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension FileStore {
    public func append(
        to upload: ObjectKey, at offset: Int64, _ produce: (any ObjectWriter) async throws -> Void
    ) async throws -> AppendOutcome {
        let path = path(of: upload)
        let folders = folders(of: upload)
        let file = try await threads.runIfActive { try StagedFile(uploadAt: path, folders: folders, length: offset) }
        var failure: (any Error)?
        do { try await produce(Writer(file: file, threads: threads)) } catch { failure = error }
        // What found no room gives back what it took, or nobody could write anything until somebody swept.
        let isFull = failure as? StoreError == .noSpace
        let length = try await threads.runToEnd {
            defer { file.unlock() }
            if isFull {
                try file.giveBack()
                throw StoreError.noSpace
            }
            return try file.flush()
        }
        guard let length else { throw StoreError.tooShort(length: 0) }
        return AppendOutcome(length: length, failure: failure)
    }

    public func finish(_ upload: ObjectKey, length: Int64, as key: ObjectKey) async throws {
        let path = path(of: upload)
        let uploadFolders = folders(of: upload)
        let destination = self.path(of: key)
        let folders = folders(of: key)
        try await threads.runToEnd {
            let file: StagedFile
            do {
                file = try StagedFile(uploadAt: path, folders: uploadFolders, length: length)
            } catch StoreError.tooShort(length: 0) {
                // Renamed already, by a finish whose end nobody learnt.
                if try StagedFile.keep(destination, length: length, folders: folders) { return }
                throw StoreError.tooShort(length: 0)
            }
            defer { file.unlock() }
            try file.appear(at: destination, folders: folders)
        }
    }

    public func remove(_ key: ObjectKey) async throws {
        let path = path(of: key)
        try await threads.runIfActive {
            guard unlink(path) != 0, errno != ENOENT, errno != ENOTDIR else { return }
            throw StoreError.last("unlink")
        }
    }

    public func objects(under folder: ObjectKey?) -> ObjectListing { FileListing(root: root, folder: folder, threads: threads) }
}

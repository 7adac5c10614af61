import NIOCore
public import NIOPosix
public import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An object store in a folder of a local file system.
///
/// A write is staged under `.staged/`, flushed, renamed to its key, and the folders on the way are flushed too: what was acknowledged
/// survives a power cut. Staged files are locked (flock) while they are written, so that ``removeOrphans()`` can tell those of a living
/// process from those that a killed one left behind, also when several processes share the folder.
///
/// An upload is a file under its key. It is locked while it is appended to, and renamed when it is finished.
public struct FileStore: ObjectStore {
    /// The folder for what is being written; its name is the only one that no object has.
    static let stagingName = ".staged"
    let root: String
    private let staging: String
    let threads: NIOThreadPool

    /// Opens the folder, making it when it is missing.
    ///
    /// - Parameter threads: where blocking calls run; must be running.
    /// - Throws: ``StoreError`` when the folder cannot be made.
    public init(root: String, threads: NIOThreadPool) throws(StoreError) {
        self.root = root
        self.staging = "\(root)/\(Self.stagingName)"
        self.threads = threads
        try Folder.make(staging)
    }

    public func open(_ key: ObjectKey) async throws -> StoredObject? {
        let path = path(of: key)
        let opened = try await threads.runIfActive { () throws -> (OpenFile, Int64)? in
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                if errno == ENOENT { return nil }
                throw StoreError.last("open")
            }
            let file = OpenFile(descriptor: descriptor)
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw StoreError.last("fstat") }
            return (file, Int64(status.st_size))
        }
        guard let (file, size) = opened else { return nil }
        return StoredObject(size: size, file: file) { [threads] range in FileBytes(file: file, range: range, threads: threads) }
    }

    public func write(_ produce: (any ObjectWriter) async throws -> ObjectKey) async throws {
        let staging = self.staging
        let file = try await threads.runIfActive { try StagedFile(in: staging) }
        do {
            let key = try await produce(Writer(file: file, threads: threads))
            let destination = path(of: key)
            let folders = folders(of: key)
            try await threads.runIfActive { try file.appear(at: destination, folders: folders) }
        } catch {
            try? await threads.runToEnd { file.discard() }
            throw error
        }
    }

    public func check() async throws {
        let staging = self.staging
        try await threads.runIfActive { try StagedFile(in: staging).discard() }
    }

    /// Removes what killed processes left half-written, and returns how many files that were.
    public func removeOrphans() async throws -> Int {
        let staging = self.staging
        return try await threads.runIfActive { try StagedFile.removeOrphans(in: staging) }
    }

    func path(of key: ObjectKey) -> String { "\(root)/\(key)" }

    /// The folders on the way to `key`, the root first.
    func folders(of key: ObjectKey) -> [String] {
        key.components.dropLast().reduce(into: [root]) { $0.append("\($0[$0.count - 1])/\($1)") }
    }

    struct Writer: ObjectWriter {
        let file: StagedFile
        let threads: NIOThreadPool

        func write(_ pieces: [ByteBuffer]) async throws {
            try await threads.runIfActive { for piece in pieces { try file.append(piece) } }
        }
    }
}

extension NIOThreadPool {
    /// Runs `body` also when the task has been cancelled: what was begun is brought to its end.
    func runToEnd<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit { state in
                switch state {
                case .active: continuation.resume(with: Result(catching: body))
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        }
    }
}

extension StoreError {
    /// The error that the system call `operation` has just left in errno.
    static func last(_ operation: String) -> StoreError {
        errno == ENOSPC || errno == EDQUOT ? .noSpace : .system(operation: operation, code: errno)
    }
}

import DatabaseSQLite
import FoundationEssentials
import Glibc
import ImageRegistry
import NIOPosix
import RegistryLog
import StorageFile
import SystemPackage

/// The data folder as commands work on it, while a server runs or not. Unlike ``Configuration`` it does not ask whether the settings of a
/// server go together.
struct DataFolder: Sendable {
    let path: String
    private let auditDestination: AuditDestination
    let sweep: Configuration.Sweep
    let isReadOnly: Bool
    let limits: RegistryLimits
    private let faces: FaceSettings

    init(_ resolution: Resolution) throws(ConfigurationError) {
        path = try resolution.required(Settings.data)
        auditDestination = resolution.auditLog(data: path)
        sweep = try Configuration.Sweep(resolution)
        isReadOnly = try Configuration.Protection(resolution).isReadOnly
        let (limits, distribution) = (try Configuration.Limits(resolution), try Configuration.Distribution(resolution))
        self.limits = RegistryLimits(limits, sparse: distribution.sparse, sweep: sweep)
        faces = FaceSettings(limits, platform: distribution.platform)
    }

    /// Opens the folder's catalog and store for as long as `body` runs.
    ///
    /// - Parameter isMade: Whether a folder without a catalog becomes one; else it is refused, as it is most likely the wrong one.
    func open<Result>(isMade: Bool = false, _ body: (Registry) async throws -> Result) async throws -> Result {
        guard isMade || hasCatalog else {
            throw CommandFailure(
                "there is no catalog in \(Visible.text(path)): name the data folder with --data, or the server's file with --config "
                    + "(`wharf serve` and `wharf user add` make a new one)")
        }
        return try await open(path, policy: .open) { registry, _ in try await body(registry) }
    }

    var hasCatalog: Bool { access("\(path)/catalog.sqlite", F_OK) == 0 }

    /// Opens another folder with the settings of this one, or this one.
    func open<Result>(
        _ path: String, policy: AccessPolicy, _ body: (Registry, FileStore) async throws -> Result
    ) async throws -> Result {
        let database: SQLiteDatabase
        let registry: Registry
        let store: FileStore
        do {
            store = try FileStore(root: "\(path)/objects", threads: .singleton)
            database = try SQLiteDatabase(path: "\(path)/catalog.sqlite")
            registry = Registry(
                database: database, store: store, limits: limits, faces: faces, policy: { policy },
                now: { Int64(Date().timeIntervalSince1970) })
            try await registry.prepare()
        } catch {
            throw CommandFailure("the data folder \(Visible.text(path)) cannot be used: \(error)")
        }
        defer { try? database.close() }
        return try await body(registry, store)
    }

    /// - Throws: when the file cannot be written: then nothing is changed, as nobody would know of it.
    func auditLog() throws -> AuditLog {
        switch auditDestination {
        case .off: return .off
        case .standardError: return .standardError
        case .file(let path):
            let isNew = access(path, F_OK) != 0
            let log: AuditLog
            do {
                log = try AuditLog(path: path, onFailure: { StandardError.write("Warning: \($0)\n") })
            } catch {
                throw CommandFailure("\(error)")
            }
            if isNew { giveToOwner(path) }
            return log
        }
    }

    /// A file that root makes has to be the server's all the same.
    private func giveToOwner(_ file: String) {
        guard geteuid() == 0, let folder = try? Stat(FilePath(path)) else { return }
        // If it fails, the server says that it cannot write its log.
        _ = chown(file, folder.userID.rawValue, folder.groupID.rawValue)
    }
}

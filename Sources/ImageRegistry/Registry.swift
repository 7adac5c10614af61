public import Database
public import Storage

/// What a registry does, whatever dialect asks: it keeps images, tags and repositories, over an object store and a catalog.
///
/// Each public method is one or two transactions. Bytes land before the row that names them, so that a crash can leave an object that
/// nothing names, never a row without its bytes.
public struct Registry: Sendable {
    let database: any SQLDatabase
    let blobs: BlobStore
    let limits: RegistryLimits
    let faces: FaceSettings
    let hashes = UploadHashes()
    let derivations: FaceGate
    /// What the configuration says of rights at this moment.
    public let policy: @Sendable () -> AccessPolicy
    public let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - policy: what the configuration says of rights at this moment.
    ///   - now: seconds since 1970.
    public init(
        database: any SQLDatabase, store: any ObjectStore, limits: RegistryLimits, faces: FaceSettings = FaceSettings(),
        policy: @escaping @Sendable () -> AccessPolicy = { .open }, now: @escaping @Sendable () -> Int64
    ) {
        self.database = database
        self.blobs = BlobStore(store: store) { try await Removal.awaited(of: $0, in: database) }
        self.limits = limits
        self.faces = faces
        derivations = FaceGate(atOnce: faces.atOnce)
        self.policy = policy
        self.now = now
    }

    /// Brings the catalog to this program's schema.
    ///
    /// - Throws: `MigrationRefusal` when the catalog is newer than the program.
    public func prepare() async throws {
        try await database.migrate(Catalog.migrations)
    }

    /// See `SQLDatabase.version()`: answers of this registry may be kept exactly as long as it stays the same.
    public func version() -> Int64? { database.version() }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Catalog) throws -> Value) async throws -> Value {
        let policy = policy()
        return try await database.read { try body(Catalog(connection: $0, policy: policy)) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Catalog) throws -> Value) async throws -> Value {
        let policy = policy()
        do {
            return try await database.write { try body(Catalog(connection: $0, policy: policy)) }
        } catch is SQLDatabaseFull {
            throw RegistryError.storageFull
        }
    }
}

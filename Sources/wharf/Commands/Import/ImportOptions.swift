import ArgumentParser
import FoundationEssentials
import ImageModel
import ImageRegistry
import RegistryLog
import StorageFile

/// What both imports take.
struct ImportOptions: ParsableArguments {
    @Flag(help: "Only say what would come and what would be left out. Everything is read and compared, nothing is written.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "Only these repositories; * stands for any run of characters. Can be given several times.", valueName: "pattern"),
        transform: Grammar.pattern)
    var repository: [RepositoryPattern] = []

    @Flag(help: "Let tags name what they name in the tree, also those that name something else here.")
    var replaceTags = false

    @Flag(help: "Write the report as JSON.")
    var json = false

    @OptionGroup var data: DataOptions

    /// Runs an import on the data folder, shows its report, and says in the audit log that it was made.
    ///
    /// - Parameter run: makes the import.
    /// - Throws: `ExitCode(1)` when something was left out.
    func run(_ action: String, from path: String, _ run: (ImportTarget) async throws -> ImportReport) async throws {
        let resolution = try data.resolution()
        let (folder, settings) = (try DataFolder(resolution), try ImportSettings(resolution))
        let report: ImportReport
        if dryRun, !folder.hasCatalog {
            report = try await TemporaryFolder.lend { temporary in
                try await folder.open(temporary, policy: settings.policy) { try await make(run, $0, $1, settings) }
            }
        } else {
            report = try await folder.open(folder.path, policy: settings.policy) { registry, store in
                let auditLog = dryRun ? nil : try folder.auditLog()
                func record(_ detail: String) {
                    auditLog?.record(
                        AuditEvent(who: "cli:\(UnixUser.name)", action: action, target: path, from: "-", outcome: .done, detail: detail))
                }
                record("begun")
                let report = try await make(run, registry, store, settings)
                record(report.summary)
                return report
            }
        }
        print(json ? try Listing.json(report) : report.text, terminator: "")
        if !report.isComplete { throw ExitCode(1) }
    }

    private func make(
        _ run: (ImportTarget) async throws -> ImportReport, _ registry: Registry, _ store: FileStore, _ settings: ImportSettings
    ) async throws -> ImportReport {
        let progress = ImportProgress()
        defer { progress.end() }
        do {
            return try await run(
                ImportTarget(
                    registry: registry, store: store, settings: settings, patterns: repository, isDryRun: dryRun, isReplacing: replaceTags,
                    progress: progress))
        } catch RegistryError.storageFull {
            throw CommandFailure("the disk is full; once there is room, the same command goes on where it stopped")
        }
    }
}

/// Where an import writes, and how.
struct ImportTarget: Sendable {
    let registry: Registry
    let store: FileStore
    let settings: ImportSettings
    /// None: all.
    let patterns: [RepositoryPattern]
    let isDryRun: Bool
    let isReplacing: Bool
    let progress: ImportProgress

    func wants(_ name: RepositoryName) -> Bool { patterns.isEmpty || patterns.contains { $0.matches(name) } }

    /// Does it again when a sweep was just taking away what came; that is over in a moment.
    func retrying<Result>(_ body: () async throws -> Result) async throws -> Result {
        for _ in 0..<5 {
            do { return try await body() } catch RegistryError.removalUnderway { try await Task.sleep(for: .milliseconds(200)) }
        }
        return try await body()
    }
}

/// What the server's configuration says about what is imported.
struct ImportSettings: Sendable {
    let policy: AccessPolicy
    let imageJSONSize: Int
    let manifestSize: Int
    let manifestReferences: Int
    let ancestry: Int
    let sparse: RegistryLimits.Sparse

    init(_ resolution: Resolution) throws(ConfigurationError) {
        let limits = try Configuration.Limits(resolution)
        imageJSONSize = limits.imageJSONSize
        manifestSize = limits.manifestSize
        manifestReferences = limits.manifestReferences
        ancestry = limits.ancestry
        sparse =
            RegistryLimits(
                limits, sparse: try Configuration.Distribution(resolution).sparse, sweep: try Configuration.Sweep(resolution)
            ).sparse
        policy = AccessPolicy(
            allowsAnonymousPull: true, makesPrivateRepositories: try Configuration.Accounts(resolution).newRepositories == .private,
            immutableTags: try Configuration.Protection(resolution).immutableTags)
    }
}

/// A folder of its own that is gone afterwards.
enum TemporaryFolder {
    static func lend<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path)
    }
}

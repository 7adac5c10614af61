import ImageModel
import Testing

/// field.md §4.2, class F: a switch holds on every route of both dialects, for whoever asks.
@Suite("Class F: switches that one route forgets")
struct SwitchTests {
    static let readOnlyV1 = #"= readonly  405 {"error":"The registry is read-only"}"#
    static let offV1 = #"= readonly  405 {"error":{*}}"#
    static let readOnlyV2 = #"= readonly  405 {"errors":[{"code":"UNSUPPORTED","message":"the registry is read-only"}]}"#
    static let offV2 = #"= readonly  405 {"errors":[{"code":"UNSUPPORTED","message":{*}}]}"#

    /// Everybody who may do everything, in every way to show it.
    static let mighty: [TableCaller] = [.owner, .organizationAdmin, .administrator, .adminKey, .starBearer]

    /// The routes of v1 that change what is stored for others to see; all but logins, accounts and the tokens.
    static let mutatingV1: Set<RouteKind> = [
        .putDocument, .putLayer, .putChecksum, .putTag, .deleteTag, .deleteTags, .putProperties, .deleteRepository, .putRepository,
        .putImages,
    ]

    /// The rows of both dialects, with a word `readonly` in place of every other where `isOff` says so.
    private static func rows(
        _ v1: String, _ v2: String, _ isOff: (PermissionTable.Row) throws -> Bool
    ) throws -> [PermissionTable.Row] {
        let first = try PermissionTable(["images", "repositories", "index", "v1-bearer"]) { "\(v1)\n\($0)" }.rows
        let second = try PermissionTable(DistributionPermissionTests.main + ["v2-library"]) { "\(v2)\n\($0)" }.rows
        return try (first + second).compactMap { row in
            let callers = row.callers.filter { mighty.contains($0) && row.lets($0) }
            return try isOff(row) ? row.only(callers, "readonly") : nil
        }
    }

    private static func isMutating(_ row: PermissionTable.Row) throws -> Bool {
        if row.dialect == .v1 { return mutatingV1.contains(try #require(RouteKind(rawValue: row.route))) }
        return try #require(DistributionKind(rawValue: row.route)).changes
    }

    @Test("read-only: nothing is changed, whatever the state of what is named")
    func readOnly() async throws {
        let rows = try Self.rows(Self.readOnlyV1, Self.readOnlyV2, Self.isMutating)
        #expect(Set(rows.filter { $0.dialect == .v1 }.compactMap { RouteKind(rawValue: $0.route) }) == Self.mutatingV1)
        #expect(rows.count > 40)
        let differences = try await PermissionRunner.differences(rows) { $0.isReadOnly = true }
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("read-only: what is read, and how one logs in, is as ever", arguments: ["v2", "v2-token"])
    func readOnlyReads(file: String) async throws {
        let rows = try PermissionTable([file]).rows.map {
            $0.only([.nobody, .stranger, .owner, .administrator, .pullBearer, .refreshBearer])
        }
        let differences = try await PermissionRunner.differences(rows) { $0.isReadOnly = true }
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("read-only: whoever may nothing learns no more than that it is so, and changes nothing either")
    func readOnlyOthers() async throws {
        let callers: [TableCaller] = [
            .nobody, .stranger, .reader, .disabled, .wrongPassword, .expiredBearer, .anonymousBearer, .plainBearer,
        ]
        let rows = try PermissionTable(["repositories"] + DistributionPermissionTests.main) { "= refused  4xx scope=* error=* {*}\n\($0)" }
            .rows
            .filter(Self.isMutating).map { row in row.only(row.callers.filter { callers.contains($0) }, "refused") }
        let differences = try await PermissionRunner.differences(rows) { $0.isReadOnly = true }
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    struct Deletion: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout AccountsServer.Options) -> Void
        let v1: Set<RouteKind>
        let v2: Set<DistributionKind>
    }

    /// Where tags may not be deleted, what would take them along may not either.
    static let deletions = [
        Deletion(
            testDescription: "tags", change: { $0.deletesTags = false }, v1: [.deleteTag, .deleteTags], v2: [.deleteTag]),
        Deletion(testDescription: "manifests", change: { $0.deletesManifests = false }, v1: [], v2: [.deleteManifest]),
        Deletion(testDescription: "blobs", change: { $0.deletesBlobs = false }, v1: [], v2: [.deleteBlob]),
        Deletion(
            testDescription: "repositories", change: { $0.deletesRepositories = false }, v1: [.deleteRepository], v2: [.deleteRepository]),
        Deletion(
            testDescription: "all",
            change: {
                $0.deletesTags = false
                $0.deletesManifests = false
                $0.deletesBlobs = false
                $0.deletesRepositories = false
            }, v1: [.deleteTag, .deleteTags, .deleteRepository], v2: [.deleteTag, .deleteManifest, .deleteBlob, .deleteRepository]),
    ]

    @Test("deletion that is off is off on every route of both dialects, and no other is", arguments: deletions)
    func deletion(deletion: Deletion) async throws {
        let all = try #require(Self.deletions.last)
        func isOff(_ row: PermissionTable.Row, _ deletion: Deletion) -> Bool {
            row.dialect == .v1
                ? RouteKind(rawValue: row.route).map { deletion.v1.contains($0) } ?? false
                : DistributionKind(rawValue: row.route).map { deletion.v2.contains($0) } ?? false
        }
        let off = try Self.rows(Self.offV1, Self.offV2) { isOff($0, deletion) }
        #expect(!off.isEmpty)
        let on = try PermissionTable(["repositories", "v2-deletes", "v2-uploads"]).rows
            .filter { row in !isOff(row, deletion) && (isOff(row, all) || row.route == DistributionKind.cancelUpload.rawValue) }
            .map { row in row.only(row.callers.filter { Self.mighty.contains($0) }) }
        let differences = try await PermissionRunner.differences(off + on, deletion.change)
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("with v2 off, nothing is at any of its paths, for nobody and for the administrator")
    func off() async throws {
        try await BugWorld.lend({ $0.servesDistribution = false }) { world, server in
            let before = try await CatalogDump(server.database)
            for row in try PermissionTable(DistributionPermissionTests.main).rows {
                for caller in [TableCaller.nobody, .administrator, .owner, .starBearer] {
                    let probe = try world.probe(row, caller, column: try #require(row.columns.first))
                    let answer = try await server.send(probe.head, probe.fields, body: probe.body)
                    #expect(answer.code == 404 && answer.text == "404 page not found\n", "\(probe.head): \(answer.status) \(answer.text)")
                    #expect(answer.values(of: "content-type") == ["text/plain; charset=utf-8"])
                    #expect(answer.values(of: "docker-distribution-api-version").isEmpty)
                    #expect(answer.values(of: "www-authenticate").isEmpty)
                }
            }
            #expect(before.difference(to: try await CatalogDump(server.database)).isEmpty)
        }
    }
}

extension PermissionTable.Row {
    /// Whether the caller may do it, wherever it can be done.
    fileprivate func lets(_ caller: TableCaller) -> Bool {
        columns.indices.contains { cell(caller, $0).map { !["401", "403"].contains($0.answer.status) } ?? false }
    }
}

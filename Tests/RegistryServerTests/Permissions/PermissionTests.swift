import ImageModel
import RegistryTesting
import RegistryWire
import Testing

@Suite("Who may what: Tests/Permissions")
struct PermissionTests {
    static let main = ["images", "repositories", "index", "faces"]

    @Test("every route has a row, with a cell for every caller and every column")
    func completeness() throws {
        let rows = try PermissionTable(Self.main).rows
        let name = try #require(RepositoryName("ns/name"))
        let id = try #require(ImageID(String(repeating: "a", count: 64)))
        for kind in RouteKind.allCases {
            let route = kind.route(name, id, .latest, "somebody")
            #expect(RouteKind(route) == kind)
            let own = rows.filter { $0.route == kind.rawValue }
            #expect(!own.isEmpty, "no row for \(kind.rawValue)")
            let path = route.path.replacing("ns/name", with: "NAME").replacing(id.text, with: "ID").replacing("/latest", with: "/TAG")
                .replacing("somebody", with: "USER")
            for row in own { #expect(row.signature == "\(route.method.rawValue) \(path)") }
        }
        for row in rows {
            #expect(RouteKind(rawValue: row.route) != nil, "no route is called \(row.route)")
            for caller in TableCaller.allCases where !caller.isBearer {
                #expect(row.columns.indices.allSatisfy { row.cell(caller, $0) != nil }, "\(row.route) has no cell for \(caller.rawValue)")
            }
        }
    }

    @Test("every route of a repository has a row for the namespaces that nobody owns")
    func libraryCompleteness() throws {
        let rows = try PermissionTable(["library"]).rows
        for kind in RouteKind.allCases where kind.namesRepository {
            #expect(rows.contains { $0.route == kind.rawValue }, "no row for \(kind.rawValue)")
        }
        for row in rows {
            let missing = TableCaller.allCases.filter { row.lines[$0] == nil && !$0.isBearer }
            #expect(missing == [.readToken, .writeToken, .cookie, .deleteToken])
        }
    }

    @Test("every cell of every table is answered as it says")
    func cells() async throws {
        let rows = try PermissionTable(Self.main + ["library"]).rows
        let differences = try await differences(rows)
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("without anonymous pull nobody in particular reads anything, and everybody else what they did")
    func withoutAnonymousPull() async throws {
        let open: Set<RouteKind> = [.root, .ping, .status, .register, .confirm, .confirmPage]
        let nobody: [TableCaller] = [.nobody, .emptyBasic, .emptyToken]
        let rows = try PermissionTable(Self.main + ["library"]).rows.flatMap { row in
            let kind = try #require(RouteKind(rawValue: row.route))
            return [open.contains(kind) ? row.only(nobody) : row.only(nobody, "login"), row.only([.stranger])]
        }
        let differences = try await differences(rows) { $0.allowsAnonymousPull = false }
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("a cell that is wrong is told")
    func wrongCell() async throws {
        let row = try #require(
            try PermissionTable(["repositories"]) { text in
                text.replacing("stranger:            norepo    ok        norepo", with: "stranger: ok ok norepo", maxReplacements: 1)
            }.rows.first)
        let differences = try await differences([row])
        #expect(
            differences == [
                "repositories.txt:\(row.line) tags · stranger · private: the table says ok, "
                    + "the program 404 Not Found {\"error\":\"Repository not found\"}"
            ])
    }

    private func differences(
        _ rows: [PermissionTable.Row], _ change: (inout AccountsServer.Options) -> Void = { _ in }
    ) async throws -> [String] {
        try await PermissionRunner.differences(rows, change)
    }
}

extension PermissionRunner {
    /// Two servers share the rows, each over a copy of the world.
    static func differences(
        _ rows: [PermissionTable.Row], _ change: (inout AccountsServer.Options) -> Void = { _ in }
    ) async throws -> [String] {
        var options = AccountsServer.Options()
        options.checker = RememberingChecker().checker
        options.rules = try PermissionWorld.rules
        change(&options)
        let settled = options
        return try await TemporaryFolder.lend { folder in
            let lanes = min(2, rows.count)
            return try await withThrowingTaskGroup(of: [String].self) { group in
                for lane in 0..<lanes {
                    group.addTask {
                        let catalog = "\(folder)/lane\(lane).sqlite"
                        let world = try await PermissionWorld.copy(to: catalog)
                        return try await AccountsServer.lend(catalog: catalog, store: world.store, options: settled) { server in
                            let runner = try await PermissionRunner(world: world, server: server)
                            var differences: [String] = []
                            for index in stride(from: lane, to: rows.count, by: lanes) {
                                differences += try await runner.differences(rows[index])
                            }
                            return differences
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
    }
}

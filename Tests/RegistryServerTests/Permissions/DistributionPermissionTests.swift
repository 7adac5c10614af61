import ImageModel
import RegistryTesting
import RegistryWire
import Testing

@Suite("Who may what in the OCI Distribution dialect: Tests/Permissions")
struct DistributionPermissionTests {
    static let main = ["v2", "v2-uploads", "v2-deletes", "v2-token", "v2-faces"]

    @Test("every route has a row, with a cell for every caller and every column")
    func completeness() throws {
        let rows = try PermissionTable(Self.main).rows
        let name = try #require(RepositoryName("ns/name"))
        let digest = PermissionWorld.nowhere.digest
        let upload = try #require(UploadID(PermissionWorld.unknownUpload))
        for kind in DistributionKind.allCases {
            let own = rows.filter { $0.route == kind.rawValue }
            #expect(!own.isEmpty, "no row for \(kind.rawValue)")
            for row in own {
                let byDigest = row.remark?.hasSuffix("by digest") == true
                let route = kind.route(name, byDigest ? .digest(digest) : .tag(.latest), digest, upload)
                #expect(DistributionKind(route) == kind)
                let path = route.path.replacing("ns/name", with: "NAME").replacing(digest.description, with: "DIGEST")
                    .replacing("manifests/latest", with: "manifests/TAG").replacing(upload.text, with: "UPLOAD")
                #expect(row.signature == "\(route.method.rawValue) \(path)")
            }
        }
        for row in rows {
            #expect(DistributionKind(rawValue: row.route) != nil, "no route is called \(row.route)")
            for caller in TableCaller.allCases {
                #expect(row.columns.indices.allSatisfy { row.cell(caller, $0) != nil }, "\(row.route) has no cell for \(caller.rawValue)")
            }
        }
    }

    @Test("every route of a repository has a row for the namespaces that nobody owns")
    func libraryCompleteness() throws {
        let rows = try PermissionTable(["v2-library"]).rows
        for kind in DistributionKind.allCases where kind.namesRepository {
            #expect(rows.contains { $0.route == kind.rawValue }, "no row for \(kind.rawValue)")
        }
        for row in rows {
            let missing = TableCaller.allCases.filter { row.lines[$0] == nil }
            #expect(missing.isEmpty, "\(row.route): \(missing)")
        }
    }

    @Test("every route for those who run the server has a row")
    func operationsCompleteness() throws {
        let rows = try PermissionTable(["operations"]).rows
        for kind in OperationsKind.allCases {
            let own = rows.filter { $0.route == kind.rawValue }
            #expect(own.map(\.signature) == ["GET \(kind.path)"])
            #expect(OperationsRoute(target: kind.path).map { OperationsKind($0) } == kind)
            #expect(own.allSatisfy { row in TableCaller.allCases.allSatisfy { row.lines[$0] != nil } })
        }
        #expect(rows.count == OperationsKind.allCases.count)
    }

    @Test("every cell of every table is answered as it says", arguments: main + ["v2-library", "operations"])
    func cells(file: String) async throws {
        let rows = try PermissionTable([file]).rows
        let differences = try await PermissionRunner.differences(rows)
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("metrics are shown by address alone, and nobody says an address")
    func metrics() async throws {
        try await BugWorld.lend({ $0.metricsFrom = ["203.0.113.0/24"] }) { world, server in
            let row = try #require(try PermissionTable(["operations"]).rows.first { $0.route == OperationsKind.metrics.rawValue })
            for caller in [TableCaller.nobody, .administrator, .owner, .starBearer] {
                let probe = try world.probe(row, caller, column: "any")
                for fields in [[], ["X-Forwarded-For: 203.0.113.9"], ["Forwarded: for=203.0.113.9"], ["X-Real-IP: 203.0.113.9"]] {
                    let answer = try await server.send(probe.head, probe.fields + fields)
                    #expect(answer.code == 403 && !answer.text.contains("wharf_"), "\(fields): \(answer.status)")
                }
            }
            for target in ["/metrics/", "//metrics", "/metrics/x", "/%6detrics", "/v2/metrics", "/v1/metrics", "/METRICS"] {
                let answer = try await server.send("GET \(target)")
                #expect(!answer.text.contains("wharf_"), "\(target)")
            }
        }
    }

    @Test("bearer tokens on the routes of v1 are answered as their table says")
    func bearersOnV1() async throws {
        let rows = try PermissionTable(["v1-bearer"]).rows.map { $0.only(TableCaller.allCases.filter(\.isBearer)) }
        for row in rows { #expect(RouteKind(rawValue: row.route) != nil, "no route is called \(row.route)") }
        let differences = try await PermissionRunner.differences(rows)
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("without anonymous pull nobody in particular reads anything, and everybody else what they did")
    func withoutAnonymousPull() async throws {
        let nobody: [TableCaller] = [.nobody, .emptyBasic, .emptyToken, .cookie, .anonymousBearer]
        let reads: Set<DistributionKind> = [.manifest, .blob, .tags, .referrers]
        let rows = try PermissionTable(["v2", "v2-library"]).rows.flatMap { row in
            let kind = try #require(DistributionKind(rawValue: row.route))
            let refused = row.file == "v2" ? "loginpull" : "anonpull"
            return reads.contains(kind) ? [row.only(nobody, refused), row.only([.stranger])] : []
        }
        var differences = try await PermissionRunner.differences(rows) { $0.allowsAnonymousPull = false }
        let token = try PermissionTable(["v2-token"]).rows.filter { $0.route == "token" }
            .flatMap { [$0.only([.nobody, .emptyBasic, .emptyToken, .cookie], "nothing"), $0.only([.stranger])] }
        differences += try await PermissionRunner.differences(token) { $0.allowsAnonymousPull = false }
        let catalog = try #require(try PermissionTable(["v2"]).rows.first { $0.route == "catalog" })
        differences += try await PermissionRunner.differences([catalog.only([.nobody, .emptyBasic, .emptyToken, .cookie], "wrong")]) {
            $0.allowsAnonymousPull = false
        }
        #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.joined(separator: "\n"))")
    }

    @Test("a cell that is wrong is told")
    func wrongCell() async throws {
        let row = try #require(
            try PermissionTable(["v2"]) { text in
                text.replacing("strangers:           norepo    ok        norepo", with: "strangers: ok ok norepo", maxReplacements: 1)
            }.rows.first { $0.route == "manifest" })
        let differences = try await PermissionRunner.differences([row.only([.stranger])])
        #expect(differences.count == 1)
        #expect(
            differences.first?.hasPrefix(
                "v2.txt:\(row.line) manifest · stranger · private: the table says ok, the program 404 Not Found {\"errors\":[{\"code\":")
                == true)
    }

    @Test("a challenge is read strictly")
    func challenge() {
        let good = #"Bearer realm="http://a/v2/token",service="a",scope="repository:b:pull",error="invalid_token""#
        #expect(BearerChallenge(good)?.scope == "repository:b:pull")
        #expect(BearerChallenge(#"Bearer realm="http://a/v2/token",service="a""#)?.scope == nil)
        for bad in [
            #"Bearer realm="http://a/v2/token""#, #"bearer realm="http://a/v2/token",service="a""#, #"Bearer service="a",realm="b""#,
            #"Bearer realm="a",service="a", Basic realm="a""#, #"Bearer realm="a"b",service="a""#, #"Basic realm="a""#,
        ] {
            #expect(BearerChallenge(bad) == nil, "\(bad)")
        }
    }
}

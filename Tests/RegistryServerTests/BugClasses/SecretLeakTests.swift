import Database
import Foundation
import ImageModel
import ImageRegistry
import Logging
import NIOConcurrencyHelpers
import RegistryLog
import RegistryServer
import RegistryTesting
import RegistryWire
import Testing

/// field.md §4.2, class U: nothing that opens a door is written to a log.
@Suite("Class U: secrets in logs")
struct SecretLeakTests {
    /// Keeps every line with all that belongs to it, at every level.
    struct Capture: LogHandler {
        let lines: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            lines.withLockedValue { $0.append("\(event.level) \(event.message) \(all) \(String(describing: event.error))") }
        }
    }

    @Test("at the level that tells most, neither the log nor the audit log has a password, key, token, cookie, code or link")
    func scenario() async throws {
        try await TemporaryFolder.lend { folder in
            let lines = NIOLockedValueBox<[String]>([])
            let audit = "\(folder)/audit.log"
            let log = try AuditLog(path: audit)
            let secrets = NIOLockedValueBox<Set<String>>([])
            try await BugWorld.lend({ options in
                options.logger = Logger(label: "test") { _ in Capture(lines: lines) }
                options.auditLog = log
            }) { world, server in
                secrets.withLockedValue { $0.formUnion(Self.planted(in: world)) }
                let more = try await Self.play(world, server)
                secrets.withLockedValue { $0.formUnion(more) }
            }
            let written = try String(contentsOfFile: audit, encoding: .utf8)
            #expect(written.contains("alice"), "nothing was audited")
            let all = lines.withLockedValue { $0.joined(separator: "\n") } + written
            for secret in secrets.withLockedValue(\.self).sorted() {
                #expect(!all.contains(secret), "\(secret) is in \(all.split(separator: "\n").first { $0.contains(secret) } ?? "")")
            }
        }
    }

    private static func planted(in world: PermissionWorld) -> Set<String> {
        var secrets: Set<String> = []
        for user in PermissionWorld.users + ["root", "ulla"] {
            let password = PermissionWorld.password(of: user)
            secrets.formUnion([password, Data("\(user):\(password)".utf8).base64EncodedString()])
        }
        for key in world.keys.values {
            secrets.insert(key)
            secrets.insert(String(key.suffix(20)))
        }
        for token in world.tokens.values {
            if let signature = RepositoryToken(token)?.signature { secrets.insert(signature) }
        }
        for token in world.bearers.values {
            secrets.insert(token)
            secrets.formUnion(token.split(separator: ".").suffix(1).map(String.init))
        }
        for cookie in world.cookies.values { secrets.insert(String(cookie.dropFirst("wharf-session=".count))) }
        return secrets
    }

    /// Everything that takes or makes a secret, rightly and wrongly; returns what was planted or handed out on the way.
    private static func play(_ world: PermissionWorld, _ server: AccountsServer) async throws -> Set<String> {
        var secrets: Set<String> = ["a new secret", "a mistyped secret", "a registered secret", "too-late"]
        let rows = try PermissionTable(PermissionTests.main + ["library"]).rows
        for row in rows where row.route != RouteKind.register.rawValue {
            for caller in row.callers where caller != .owner && caller != .administrator {
                let probe = try world.probe(row, caller, column: try #require(row.columns.last))
                let answer = try await server.send(probe.head, probe.fields, body: probe.body)
                for token in answer.values(of: "x-docker-token") { secrets.formUnion(RepositoryToken(token).map { [$0.signature] } ?? []) }
                for cookie in answer.values(of: "set-cookie") {
                    secrets.insert(String(cookie.prefix { $0 != ";" }.dropFirst("wharf-session=".count)))
                }
            }
        }
        for row in try PermissionTable(DistributionPermissionTests.main).rows where row.route.hasPrefix("token") || row.route == "manifest"
        {
            for caller in row.callers {
                let probe = try world.probe(row, caller, column: try #require(row.columns.first))
                let granted = GrantedToken(try await server.send(probe.head, probe.fields, body: probe.body).body)
                secrets.formUnion([granted?.token, granted?.refreshToken].compactMap(\.self))
            }
        }
        secrets.formUnion(["another secret", "a good secret", "no secret of hers"])
        for mail in server.mails.withLockedValue(\.self) {
            if let signature = mail.link.firstRange(of: "signature=") {
                secrets.insert(String(mail.link[signature.upperBound...].prefix { $0 != "&" }))
            }
        }
        let code = try await server.registry.invite(try #require(EmailAddress("guest@example.org")), expiresAt: TestServer.now + 60)
        secrets.insert(code)
        for invitation in [code, "too-late"] {
            let body =
                #"{"username":"invited","email":"guest@example.org","password":"a registered secret","invitation":"\#(invitation)"}"#
            _ = try await server.send("POST /v1/users/", body: body)
        }
        _ = try await server.send("GET /v1/users/", [AccountsServer.basic("alice", "a mistyped secret")])
        // Broken requests, whose whole text might be shown.
        for (head, fields, body) in [
            ("POST /v1/users/", [], #"{"username":"mallory","password":"a registered secret""#),
            ("PUT /v1/users/alice/", [PermissionWorld.basic("alice")], #"{"password":"a new secret","email":"none"}"#),
            ("PUT /v1/users/alice/", [PermissionWorld.basic("alice")], #"{"password":"a new secret"}"#),
            ("PUT /v1/users/stan/", [PermissionWorld.basic("root")], #"{"password":"a new secret"}"#),
            ("GET /v1/users/", ["Authorization: Basic YSByZWdpc3RlcmVkIHNlY3JldA=="], nil),
            ("GET /v1/users/", ["Authorization: Bearer a-registered-secret"], nil),
        ] as [(String, [String], String?)] {
            _ = try await server.send(head, fields, body: body)
        }
        secrets.formUnion(["YSByZWdpc3RlcmVkIHNlY3JldA==", "a-registered-secret"])
        // A catalog that is gone makes errors, which are logged whole.
        try await server.database.write { try $0.run("DROP TABLE api_key") }
        for key in world.keys.values.sorted() { _ = try await server.send("GET /v1/users/", [AccountsServer.basic("alice", key)]) }
        try await server.database.write { try $0.run("DROP TABLE user_email") }
        _ = try await server.send(
            "POST /v1/users/", body: #"{"username":"mallory","email":"m@example.org","password":"a registered secret"}"#)
        return secrets
    }
}

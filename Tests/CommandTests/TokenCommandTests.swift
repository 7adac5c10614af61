import Foundation
import Logging
import Testing

@testable import wharf

@Suite("wharf token")
struct TokenCommandTests {
    @Test("every rotation makes a new key, whose name alone is shown")
    func rotation() throws {
        try DataDirectory.use { (data: DataDirectory) throws in
            try data.prepare("user", "add", "alice", "--email", "alice@example.com", "--password-stdin", input: "hunter2\n")
            let outcomes = try [data.run("token", "rotate-key"), data.run("token", "rotate-key")]
            for outcome in outcomes {
                #expect(outcome.code == 0)
                #expect(outcome.complaint == "")
                #expect(outcome.output.wholeMatch(of: #/tokens are signed with the key [A-Za-z0-9_-]{43} from now on\n/#) != nil)
            }
            #expect(outcomes[0] != outcomes[1])
            #expect(
                try data.audited() == ["user.add alice done", "token.rotate-key tokens done", "token.rotate-key tokens done"])
        }
    }

    @Test("the keys of a token server are read at the start, and again, and what is none changes nothing")
    func pinnedKeys() async throws {
        let key = """
            {"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", \
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
            """
        try await withKeyFile(key) { path in
            let configuration = try Configuration(
                Resolution.load(
                    arguments: [
                        "--auth", "token-server", "--token-server-realm", "https://auth/token", "--token-server-service", "hub",
                        "--token-server-issuer", "auth", "--token-server-keys", path,
                    ], environment: [:]))
            let reloadable = try await Reloadable(configuration, logger: Logger(label: "test"))
            #expect(reloadable.keys != nil)
            try Data("nothing".utf8).write(to: URL(filePath: path))
            #expect(
                await reloadable.reload().failures == [
                    "the token server's keys stay as they were: token_server.keys \(path): the file has no key for ES256, "
                        + "ES384, RS256 or EdDSA"
                ])
            #expect(reloadable.keys != nil)
            try Data(key.replacing("one", with: "two").utf8).write(to: URL(filePath: path))
            #expect(await reloadable.reload().failures == [])
            try FileManager.default.removeItem(atPath: path)
            await #expect(throws: StartRefusal.self) { try await Reloadable(configuration, logger: Logger(label: "test")) }
        }
    }

    private func withKeyFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "keys.json").path
        try Data(text.utf8).write(to: URL(filePath: file))
        try await body(file)
    }
}

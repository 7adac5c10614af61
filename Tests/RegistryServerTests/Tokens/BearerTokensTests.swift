import AccessTokens
import Credentials
import ImageModel
import Logging
import NIOConcurrencyHelpers
import RegistryWire
import Testing

@testable import RegistryServer

@Suite("Access tokens that were checked before")
struct BearerTokensTests {
    private static func tokens(_ shared: SigningKeyringTests.Shared) -> BearerTokens {
        BearerTokens(AccountsTestAccess.accounts, store: shared.store, logger: TestServer.quiet, now: { shared.clock.time })
    }

    private enum AccountsTestAccess {
        static let accounts = AccessConfiguration(
            authority: .accounts, tokenKey: TestServer.tokenKey, checker: TestServer.checker, throttle: TestServer.throttle)
    }

    private static let binding = TokenBinding(name: "alice", key: 7, stamp: [1, 2, 3, 4, 5, 6, 7, 8])

    @Test("a token says the same the second time, and nothing once it is over")
    func kept() async throws {
        let shared = SigningKeyringTests.Shared()
        let tokens = Self.tokens(shared)
        let scopes = TokenScope.list(["repository:team/app:pull,push registry:catalog:*"])
        let (text, end) = try await tokens.token(for: Self.binding, scopes: scopes, at: shared.clock.time, validUntil: nil)
        #expect(end == shared.clock.time + 300)
        for _ in 0..<2 {
            let content = try await tokens.content(of: text)
            #expect(content.claims.subject == "alice" && content.claims.binding?.key == 7 && content.scopes == scopes)
            #expect(content.claims.binding?.stamp == Self.binding.stamp)
        }
        shared.clock.time += 300
        await #expect(throws: AccessRefusal.credentialsWrong) { try await tokens.content(of: text) }
    }

    @Test("a key that is gone takes the tokens along that were good already")
    func goneKey() async throws {
        let shared = SigningKeyringTests.Shared()
        let tokens = Self.tokens(shared)
        let (text, _) = try await tokens.token(for: Self.binding, scopes: [], at: shared.clock.time, validUntil: nil)
        _ = try await tokens.content(of: text)
        // A new key replaces it, and its time passes.
        shared.keys.withLockedValue { $0.append(SigningKey(createdAt: shared.clock.time + 1)) }
        let other = Self.tokens(shared)
        _ = try await other.content(of: text)
        shared.keys.withLockedValue { $0 = Array($0.dropFirst()) }
        let third = Self.tokens(shared)
        await #expect(throws: AccessRefusal.credentialsWrong) { try await third.content(of: text) }
    }

    @Test("a token never outlives the credential")
    func end() async throws {
        let shared = SigningKeyringTests.Shared()
        let end = shared.clock.time + 7
        #expect(try await Self.tokens(shared).token(for: Self.binding, scopes: [], at: shared.clock.time, validUntil: end).1 == end)
    }

    @Test("what is kept is bounded, by number and by length")
    func bounded() {
        let kept = VerifiedTokens<Int>(limit: 8)
        for number in 0..<100 { kept.insert(number, for: "\(number)") }
        #expect(kept.count <= 8 && kept["99"] == 99 && kept["0"] == nil)
        kept.insert(1, for: String(repeating: "a", count: 4097))
        #expect(kept[String(repeating: "a", count: 4097)] == nil)
        kept.remove("99")
        #expect(kept["99"] == nil)
    }
}

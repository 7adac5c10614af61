import Credentials
import HTTPTypes
import ImageModel
import Testing

@testable import RegistryServer
@testable import RegistryWire

@Suite("What a request shows of its caller")
struct CredentialTests {
    static let repository = RepositoryName("team/app")
    static let key = [UInt8](repeating: 1, count: 32)

    @Test(
        "nobody is nobody in every spelling",
        arguments: [nil, "", "Basic Og==", "basic Og==", "Token", "Token ", "token"])
    func nobody(field: String?) {
        #expect(PresentedCredential(field) == .none)
    }

    @Test("Basic is read as typed: colons in the password, any letters")
    func basic() {
        #expect(PresentedCredential("Basic YWxpY2U6czplIGNyw6l0") == .basic(user: "alice", password: "s:e crét"))
        #expect(PresentedCredential("BASIC  YWxpY2U6") == .basic(user: "alice", password: ""))
    }

    @Test(
        "what cannot be read is no credential", arguments: ["Basic", "Basic %%%", "Basic YWxpY2U=", "Basic //79", "Bearer", "Token x"])
    func unreadable(field: String) {
        #expect(PresentedCredential(field) == .unreadable)
    }

    @Test("an access token is kept as it is, without what stands behind it")
    func bearer() {
        #expect(PresentedCredential("Bearer a.b.c") == .bearer("a.b.c"))
        #expect(PresentedCredential("bearer  a.b.c x") == .bearer("a.b.c"))
    }

    @Test("a token says again what it was made of, and nothing when one letter of it differs")
    func seal() throws {
        let seal = try #require(TokenSeal(key: Self.key))
        let name = try #require(Self.repository)
        let binding = TokenBinding(name: "alice", key: 7, stamp: seal.stamp([1, 2, 3]))
        let token = seal.token(name, .write, for: binding, at: 1_400_000_000)
        let content = try #require(seal.open(token))
        #expect(content.binding == binding)
        #expect(content.issuedAt == 1_400_000_000)
        #expect(seal.token(name, .write, for: binding, at: 1_400_000_000) != token)
        let letters = Array(token.signature)
        for index in letters.indices {
            var forged = letters
            forged[index] = forged[index] == "A" ? "B" : "A"
            #expect(seal.open(RepositoryToken(signature: String(forged), repository: name, access: .write)) == nil)
        }
        #expect(seal.open(RepositoryToken(signature: token.signature, repository: name, access: .delete)) == nil)
        let other = try #require(RepositoryName("team/ap"))
        #expect(seal.open(RepositoryToken(signature: token.signature, repository: other, access: .write)) == nil)
        #expect(seal.open(RepositoryToken(signature: "", repository: name, access: .write)) == nil)
        let foreign = try #require(TokenSeal(key: [UInt8](repeating: 2, count: 32)))
        #expect(foreign.open(token) == nil)
        #expect(TokenSeal(key: [1, 2, 3]) == nil)
    }

    @Test("a cookie is the token again, and none when another site's page may have sent it")
    func cookie() throws {
        let token = RepositoryToken(signature: "abc-_", repository: try #require(Self.repository), access: .write)
        let field = SessionCookie.field(token, seconds: 60, isSecure: true)
        #expect(field == "wharf-session=abc-_/write/team/app; Path=/v1/; Max-Age=60; HttpOnly; SameSite=Strict; Secure")
        let value = String(field.prefix { $0 != ";" })
        #expect(SessionCookie.token(in: [.cookie: "a=b; \(value); c=d"]) == token)
        #expect(SessionCookie.token(in: [.cookie: value, .secFetchSite: "same-origin"]) == token)
        #expect(SessionCookie.token(in: [.cookie: value, .secFetchSite: "cross-site"]) == nil)
        #expect(SessionCookie.token(in: [.cookie: value, .origin: "https://evil.example"]) == nil)
        #expect(SessionCookie.token(in: [.cookie: "wharf-session=abc"]) == nil)
    }

    @Test("a confirmation link is good for its user, address and time, and no other")
    func link() throws {
        let signer = try #require(Signer(key: Self.key, purpose: "test"))
        let link = ConfirmationLink(
            user: try #require(UserName("alice")), email: try #require(EmailAddress("a+b@example.com")), expiresAt: 100)
        let path = link.path(signedBy: signer)
        #expect(path.hasPrefix("/v1/users/alice/confirm?address=a%2bb%40example.com&expires=100&signature="))
        let query = try #require(RequestQuery(of: path))
        #expect(ConfirmationLink(user: "alice", query, signedBy: signer, at: 99) == link)
        #expect(ConfirmationLink(user: "alice", query, signedBy: signer, at: 100) == nil)
        #expect(ConfirmationLink(user: "alicex", query, signedBy: signer, at: 99) == nil)
        let longer = try #require(RequestQuery(of: path.replacing("expires=100", with: "expires=1000")))
        #expect(ConfirmationLink(user: "alice", longer, signedBy: signer, at: 99) == nil)
        let foreign = try #require(Signer(key: Self.key, purpose: "other"))
        #expect(ConfirmationLink(user: "alice", query, signedBy: foreign, at: 99) == nil)
    }
}

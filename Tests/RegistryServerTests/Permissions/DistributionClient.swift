import Crypto
import Foundation
import ImageModel
import Testing

/// A client of the OCI Distribution dialect, with one credential; what does not come out well fails the test.
struct DistributionClient: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let server: AccountsServer
    /// Of every request.
    let fields: [String]

    init(_ server: AccountsServer, _ fields: [String]) {
        self.server = server
        self.fields = fields
    }

    static func user(_ name: String, _ server: AccountsServer) -> DistributionClient {
        DistributionClient(server, [PermissionWorld.basic(name)])
    }

    func send(_ head: String, _ more: [String] = [], _ body: [UInt8]? = nil) async throws -> Received {
        try await server.send(head, fields + more, body: body.map(AccountsServer.base64))
    }

    /// As ``send(_:_:_:)``, and the status has to be `code`.
    @discardableResult
    func expect(_ code: Int, _ head: String, _ more: [String] = [], _ body: [UInt8]? = nil) async throws -> Received {
        let answer = try await send(head, more, body)
        guard answer.code == code else { throw Failure(description: "\(head): \(answer.status) \(answer.text.prefix(400))") }
        return answer
    }

    // MARK: - Blobs

    /// Where an upload that this begins goes on.
    func begin(in name: String) async throws -> String {
        try Self.location(of: try await expect(202, "POST /v2/\(name)/blobs/uploads/", [], []))
    }

    func append(_ bytes: [UInt8], to location: String) async throws {
        try await expect(202, "PATCH \(location)", ["Content-Type: application/octet-stream"], bytes)
    }

    func push(_ blob: NamedBytes, to name: String) async throws {
        let location = try await begin(in: name)
        try await append(blob.bytes, to: location)
        try await expect(201, "PUT \(location)?digest=\(blob.digest)", [], [])
    }

    static func location(of answer: Received) throws -> String {
        guard let location = answer.values(of: "location").first else { throw Failure(description: "no Location: \(answer.fields)") }
        return location
    }

    // MARK: - Manifests

    func push(_ manifest: NamedBytes, _ type: String, to name: String, as reference: String) async throws {
        try await expect(201, "PUT /v2/\(name)/manifests/\(reference)", ["Content-Type: \(type)"], manifest.bytes)
    }

    // MARK: - Tokens

    /// What the ping says that tokens are for.
    static func service(of server: AccountsServer) async throws -> String {
        let challenges = try await server.send("GET /v2/").values(of: "www-authenticate")
        guard let challenge = challenges.first.flatMap({ BearerChallenge($0) }) else {
            throw Failure(description: "no challenge: \(challenges)")
        }
        return challenge.service
    }

    func grant(_ scopes: [String], offline: Bool = false) async throws -> GrantedToken {
        let service = try await Self.service(of: server)
        let query = (["service=\(service)"] + scopes.map { "scope=\($0)" } + (offline ? ["offline_token=true"] : [])).joined(separator: "&")
        let answer = try await expect(200, "GET /v2/token?\(query)")
        guard let granted = GrantedToken(answer.body) else { throw Failure(description: "no token: \(answer.text)") }
        return granted
    }

    /// A client with a token that this one's credential gets.
    func bearing(_ scopes: [String]) async throws -> DistributionClient {
        DistributionClient(server, [Self.bearer(try await grant(scopes).token)])
    }

    static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)" }
}

import FoundationEssentials
import HTTPTransport
import HTTPTypes

/// Without accounts everybody may log in, and every name is taken: that is the reply with which engines go on to the login itself (v1.md §5.1).
extension V1Exchange {
    /// Engines compare these 34 bytes, quotes included.
    private static let nameIsTaken = "\"Username or email already exists\""

    func register() async throws -> Response {
        try await checkObject()
        return reply(Self.nameIsTaken, status: .badRequest)
    }

    func updateUser() async throws -> Response {
        try await checkObject()
        return reply(status: .noContent)
    }

    /// - Throws: ``V1Refusal`` unless the body is a JSON object of the users' kind; every field may be missing.
    private func checkObject() async throws {
        let bytes = try await body(upTo: configuration.requestBodySize)
        do {
            _ = try JSONDecoder().decode(UserFields.self, from: Data(bytes))
        } catch DecodingError.dataCorrupted {
            throw V1Refusal.notJSON
        } catch {
            throw V1Refusal.invalidData
        }
    }

    private struct UserFields: Decodable {
        let username: String?
        let password: String?
        let email: String?
    }
}

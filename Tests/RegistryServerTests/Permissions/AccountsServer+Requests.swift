import Foundation
import NIOConcurrencyHelpers
import RegistryServer
import Testing

@testable import RegistryTesting

extension AccountsServer {
    /// Sends a request of a head, fields, and a body if there is one; `base64:` in front of a body stands for bytes.
    func send(_ head: String, _ fields: [String] = [], body: String? = nil) async throws -> Received {
        let lines =
            [head] + fields + (body.map { [""] + $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) } ?? [])
        let connection = try await RawConnection.open(port: port)
        try await connection.send(HTTPText.Request(lines).bytes)
        return Received(try await connection.receiveAll())
    }

    /// The mail that was sent last.
    func lastMail() throws -> ConfirmationMail {
        let last = mails.withLockedValue { $0.last }
        return try #require(last)
    }

    /// `Authorization: Basic …`.
    static func basic(_ user: String, _ password: String) -> String {
        "Authorization: Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
    }

    /// `Authorization: …` with a token as an answer hands it out.
    static func token(_ text: String) -> String { "Authorization: Token \(text)" }

    static func base64(_ bytes: [UInt8]) -> String { HTTPText.base64Mark + Data(bytes).base64EncodedString() }
}

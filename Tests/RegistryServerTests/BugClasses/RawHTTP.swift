@testable import RegistryTesting

/// Requests whose bytes a test holds in its hand.
enum RawHTTP {
    /// Sends a head with its fields as they are, and then `body`, and leaves the connection open.
    static func begin(_ head: String, _ fields: [String], _ body: [UInt8] = [], port: Int) async throws -> RawConnection {
        let connection = try await RawConnection.open(port: port)
        let lines = ["\(head) HTTP/1.1", "Host: registry.test:5000", "Connection: close"] + fields
        try await connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
        return connection
    }
}

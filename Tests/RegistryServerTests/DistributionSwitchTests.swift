import RegistryServer
import Testing

@testable import RegistryTesting

@Suite("Version 2 can be switched off whole")
struct DistributionSwitchTests {
    private static let off = ServerConfiguration(
        program: "wharf test", externalHost: nil, standalone: .true, imageDocumentSize: 1024, requestBodySize: 4096, imagesPerList: 3,
        fileListings: 2, distribution: nil)

    @Test(
        "engines that look for it find plain text and no version, at whatever path",
        arguments: [
            "GET /v2/", "GET /v2", "GET /v2/library/foo/manifests/latest", "POST /v2/a/b/blobs/uploads/", "GET /v2/token",
            "GET /v2/_catalog",
        ])
    func off(request: String) async throws {
        try await TestServer.lend(configuration: Self.off) { port, _ in
            let connection = try await RawConnection.open(port: port)
            try await connection.send(Array("\(request) HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
            let answer = String(decoding: try await connection.receiveAll(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
            #expect(answer.contains("Content-Type: text/plain; charset=utf-8\r\n"))
            #expect(!answer.lowercased().contains("docker-distribution-api-version"))
            #expect(answer.hasSuffix("\r\n\r\n404 page not found\n"))
        }
    }
}

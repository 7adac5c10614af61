import HTTPTypes
import NIOCore
import NIOPosix
import Testing

@testable import HTTPTransport

@Suite("Labels of answers")
struct LabelTests {
    private struct Broken: Error {}

    /// Answers of every kind, each labelled with its own path.
    private static func handler(_ file: ScratchFile) -> HTTPServer.Handler {
        { request, _ in
            let path = request.head.path ?? ""
            let body: Response.Body =
                switch path {
                case "/bytes": .bytes(ByteBuffer(string: "abc"))
                case "/file": .file(FileBody(file.open(), offset: 0, length: 100_000))
                case "/short-file": .file(FileBody(file.open(), offset: 0, length: 200_000))
                case "/stream": .stream(StreamBody(length: nil) { try await $0.write(ByteBuffer(string: "abc")) })
                case "/broken-stream": .stream(StreamBody(length: 3) { _ in throw Broken() })
                default: .empty
                }
            return Response(status: .ok, body: body, label: path == "/none" ? nil : "label of \(path)")
        }
    }

    private static let immediate: HTTPServer.Immediate = { request in
        request.path == "/at-once" ? ImmediateResponse(status: .ok, body: ByteBuffer(string: "abc"), label: "label of /at-once") : nil
    }

    private static let paths = ["/bytes", "/file", "/short-file", "/stream", "/broken-stream", "/empty", "/none", "/at-once"]
    private static let labels = paths.map { $0 == "/none" ? nil : "label of \($0)" }

    @Test("an answer of any kind gives its label to the access log, and so does the answer to HEAD")
    func http1() async throws {
        let file = try ScratchFile(size: 100_000)
        try await withServer(immediate: Self.immediate, handler: Self.handler(file)) { server in
            for (index, request) in ["GET", "HEAD"].flatMap({ method in Self.paths.map { "\(method) \($0)" } }).enumerated() {
                let answer = try await server.exchange("\(request) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(!answer.contains("label"))
                _ = try await server.completed.wait(for: index + 1)
            }
            #expect(server.completed.all.map(\.label) == Self.labels + Self.labels)
        }
    }

    @Test("and over HTTP/2")
    func http2() async throws {
        let file = try ScratchFile(size: 100_000)
        try await withHTTP2(immediate: Self.immediate, handler: Self.handler(file)) { server, client in
            for (index, path) in (Self.paths + Self.paths).enumerated() {
                _ = try await client.exchange(index < Self.paths.count ? "GET" : "HEAD", path)
                _ = try await server.completed.wait(for: index + 1)
            }
            #expect(server.completed.all.map(\.label) == Self.labels + Self.labels)
        }
    }

    @Test("what the transport turns down has the label of the refusal, if it has one")
    func refusal() async throws {
        try await withServer(refusal: { _ in Response(status: .badRequest, label: "refused") }) { server in
            _ = try await server.exchange("GET / HTTP/1.1\r\n\r\n")
            #expect(try await server.completed.wait(for: 1).map(\.label) == ["refused"])
        }
    }
}

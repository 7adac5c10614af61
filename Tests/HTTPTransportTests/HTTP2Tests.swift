import HTTPTypes
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOSSL
import ServiceLifecycle
import Synchronization
import Testing

@testable import HTTPTransport

/// Requests and answers over HTTP/2.
@Suite(.serialized) struct HTTP2Tests {
    static func text(_ text: String) -> Response { Response(status: .ok, body: .bytes(ByteBuffer(string: text))) }

    static func answer(_ body: String) -> String { ":status: 200\ncontent-length: \(body.utf8.count)\n\(body)\nend" }

    @Test("requests, bodies and answers are over HTTP/2 as they are over HTTP/1.1")
    func roundTrip() async throws {
        try await withHTTP2(
            immediate: { $0.path == "/ping" ? ImmediateTests.pong : nil },
            handler: { request, context in
                if request.head.path == "/fields" {
                    let head = request.head
                    let fields = head.headerFields.map { "\($0.name.rawName)=\($0.value)" }.joined(separator: " ")
                    return Self.text(
                        "\(head.method) \(head.scheme ?? "") \(head.authority ?? "") \(fields) "
                            + (request.body.length.map(String.init) ?? "?")
                    )
                }
                let body = (try? await request.body.collect(upTo: 1 << 20)) ?? ByteBuffer()
                return Response(
                    status: .created, headers: [.contentType: "text/plain", .connection: "keep-alive"],
                    body: .bytes(ByteBuffer(string: "\(request.head.method) \(String(buffer: body)) \(context.connection.isSecure)")))
            }
        ) { server, client in
            let made = ":status: 201\ncontent-type: text/plain\n"
            try await expect(made + "content-length: 9\nGET  true\nend") { try await client.exchange("GET", "/") }
            let body = ByteBuffer(string: "abc")
            try await expect(made + "content-length: 12\nPUT abc true\nend") { try await client.exchange("PUT", "/", body: body) }
            #expect(
                try await client.exchange("PUT", "/", fields: [("content-length", "3")], body: body)
                    == made + "content-length: 12\nPUT abc true\nend")
            try await expect(made + "content-length: 10\nend") { try await client.exchange("HEAD", "/") }
            try await expect(":status: 200\ncontent-type: text/plain\ncontent-length: 5\npong;\nend") {
                try await client.exchange("GET", "/ping")
            }
            try await expect(":status: 200\ncontent-type: text/plain\ncontent-length: 5\nend") {
                try await client.exchange("HEAD", "/ping")
            }
            let fields = [("accept", "a"), ("cookie", "a=1"), ("cookie", "b=2"), ("host", "h")]
            try await expect(Self.answer("GET https h accept=a cookie=a=1; b=2 0")) {
                try await client.exchange("GET", "/fields", fields: fields)
            }
            try await expect(Self.answer("POST https h  ?")) { try await client.exchange("POST", "/fields", body: body) }
            let all = try await server.completed.wait(for: 8)
            #expect(all.map(\.status) == [201, 201, 201, 201, 200, 200, 200, 200])
            #expect(all.map(\.bodyBytesIn).prefix(7) == [0, 3, 3, 0, 0, 0, 0])
            #expect(all.map(\.bodyBytesOut).prefix(6) == [9, 12, 12, 0, 5, 0])
            #expect(all.allSatisfy { !$0.wasCutOff && $0.remoteAddress?.ipAddress == "127.0.0.1" })
        }
    }

    @Test("Date and Server are set once, and HTTP/2 says what the server's bounds are")
    func standing() async throws {
        try await withHTTP2(
            TransportConfiguration(serverName: "wharf", maximumHeaderBytes: 20_000),
            handler: { request, _ in
                Response(status: .noContent, headers: request.head.path == "/own" ? [.server: "own", .date: "x"] : [:])
            }
        ) { _, client in
            let stream = try await client.open("GET", "/")
            _ = try await stream.receiveToEnd()
            #expect(
                stream.lines.map { $0.prefix(8) } == [":status:", "server: ", "date: \(stream.lines[2].dropFirst(6).prefix(2))", "end"])
            try await expect(":status: 204\nserver: own\ndate: x\nend") { try await client.exchange("GET", "/own") }
            let settings = client.settings.map { "\($0)" }
            #expect(client.settings.first { $0.parameter == .maxConcurrentStreams }?.value == 100)
            #expect(client.settings.first { $0.parameter == .maxHeaderListSize }?.value == 20_000)
            #expect(client.settings.first { $0.parameter == .initialWindowSize }?.value == 1 << 20, "\(settings)")
        }
    }

    @Test("many streams are answered side by side, whichever is done first")
    func parallel() async throws {
        let waiting = Mutex(0)
        let gate = Gate()
        try await withHTTP2(handler: { request, _ in
            waiting.withLock { $0 += 1 }
            if request.head.path != "/fast" { await gate.wait() }
            return Self.text(request.head.path ?? "")
        }) { server, client in
            var streams: [HTTP2Stream] = []
            for number in 0..<99 { streams.append(try await client.open("GET", "/\(number)")) }
            #expect(try await eventually { waiting.withLock { $0 } == 99 })
            try await expect(Self.answer("/fast")) { try await client.exchange("GET", "/fast") }
            for number in 99..<200 { streams.append(try await client.open("GET", "/\(number)")) }
            gate.open()
            for (number, stream) in streams.enumerated() { #expect(try await stream.receiveToEnd() == Self.answer("/\(number)")) }
            #expect(try await server.completed.wait(for: 201).count == 201)
        }
    }

    @Test("what is not for us is refused as over HTTP/1.1, and the connection goes on")
    func refusals() async throws {
        try await withHTTP2(TransportConfiguration(sendsDate: false, maximumHeaderFields: 20), handler: { _, _ in Self.text("good") }) {
            server, client in
            func refusal(_ status: Int, _ message: String) -> String {
                let body = "{\"error\": \"\(message)\"}"
                return ":status: \(status)\ncontent-type: application/json\ncontent-length: \(body.utf8.count)\n\(body)\nend"
            }
            let relative = try await client.exchange("GET", "noslash")
            #expect(relative == refusal(400, "invalid request target"))
            try await expect(refusal(400, "missing or invalid Host header")) {
                try await client.exchange("GET", "/", fields: [("host", "other")])
            }
            try await expect(refusal(417, "unsupported expectation")) { try await client.exchange("PUT", "/", fields: [("expect", "x")]) }
            let connect = try await client.open("CONNECT", nil, authority: "other:443", ends: false)
            try await expect(refusal(400, "invalid request target")) { try await connect.receiveToEnd() }
            let many = (0..<21).map { ("x-\($0)", "") }
            try await expect(refusal(431, "request header too large")) { try await client.exchange("GET", "/", fields: many) }
            try await expect(Self.answer("good")) { try await client.exchange("GET", "/") }
            #expect(try await server.completed.wait(for: 6).map(\.status) == [400, 400, 417, 400, 431, 200])
        }
    }

    @Test("100 Continue is sent when the body is asked for")
    func proceed() async throws {
        try await withHTTP2(handler: { request, _ in
            if request.head.path == "/unasked" { return Response(status: .forbidden) }
            return Self.text(String(buffer: (try? await request.body.collect(upTo: 100)) ?? ByteBuffer()))
        }) { _, client in
            let fields = [("expect", "100-continue"), ("content-length", "3")]
            let stream = try await client.open("PUT", "/", fields: fields, ends: false)
            #expect(try await eventually { stream.lines == [":status: 100"] })
            stream.send(ByteBuffer(string: "abc"), ends: true)
            try await expect(":status: 100\n" + Self.answer("abc")) { try await stream.receiveToEnd() }
            let unasked = try await client.open("PUT", "/unasked", fields: fields, ends: false)
            try await expect(":status: 403\ncontent-length: 0\nend") { try await unasked.receiveToEnd() }
        }
    }

    @Test("trailers are ignored")
    func trailers() async throws {
        try await withHTTP2(handler: { request, _ in
            Self.text(String(buffer: (try? await request.body.collect(upTo: 100)) ?? ByteBuffer()))
        }) { _, client in
            let stream = try await client.open("PUT", "/", ends: false)
            stream.send(ByteBuffer(string: "abc"))
            stream.post(.headers(.init(headers: ["x-sum": "1"], endStream: true)))
            try await expect(Self.answer("abc")) { try await stream.receiveToEnd() }
        }
    }

    @Test("a stream goes out with its length or without, and one that breaks is reset")
    func streams() async throws {
        try await withHTTP2(handler: { request, _ in
            let path = request.head.path ?? ""
            return Response(
                status: .ok,
                body: .stream(
                    StreamBody(length: path.hasPrefix("/sized") ? 6 : nil) { writer in
                        if path == "/broken-at-once" { throw BodyOutTests.Broken() }
                        try await writer.write(ByteBuffer(string: "abc"))
                        if path.hasSuffix("broken") { throw BodyOutTests.Broken() }
                        if path.hasSuffix("short") { return }
                        try await writer.write(ByteBuffer(string: path.hasSuffix("long") ? "defg" : "def"))
                    }))
        }) { server, client in
            try await expect(Self.answer("abcdef")) { try await client.exchange("GET", "/sized") }
            try await expect(":status: 200\nabcdef\nend") { try await client.exchange("GET", "/") }
            try await expect(":status: 200\ncontent-length: 6\nend") { try await client.exchange("HEAD", "/sized") }
            let failure = "{\"error\": \"internal server error\"}"
            #expect(
                try await client.exchange("GET", "/broken-at-once")
                    == ":status: 500\ncontent-type: application/json\ncontent-length: \(failure.utf8.count)\n\(failure)\nend")
            for path in ["/broken", "/sized-broken", "/sized-short", "/sized-long"] {
                let answer = try await client.exchange("GET", path)
                #expect(answer.hasSuffix("\nabc\nreset: HTTP2ErrorCode<0x2 Internal Error>"), "\(path): \(answer)")
            }
            #expect(try await server.completed.wait(for: 8).map(\.wasCutOff) == [false, false, false, false, true, true, true, true])
            try await expect(":status: 200\nabcdef\nend") { try await client.exchange("GET", "/") }
        }
    }

    @Test("files go out whole, small and large, side by side")
    func files() async throws {
        let size = 1_500_000
        let scratch = try ScratchFile(size: size)
        try await withHTTP2(handler: { request, _ in
            let length = Int64(request.head.path?.dropFirst() ?? "") ?? 0
            return Response(status: .ok, body: .file(FileBody(scratch.open(), offset: 7, length: length)))
        }) { server, client in
            let lengths = [0, 1, 10_000, 100_000, size - 7, 1_000_000, size - 7]
            var streams: [HTTP2Stream] = []
            for length in lengths { streams.append(try await client.open("GET", "/\(length)")) }
            for (length, stream) in zip(lengths, streams) {
                #expect(try await eventually(within: .seconds(30)) { stream.isEnded })
                #expect(stream.lines == [":status: 200", "content-length: \(length)", "end"])
                #expect(stream.body == ScratchFile.bytes(7..<(7 + length)))
            }
            #expect(Set(try await server.completed.wait(for: 7).map(\.bodyBytesOut)) == Set(lengths.map(Int64.init)))
            let short = try await client.exchange("GET", "/\(size)")
            #expect(short.hasPrefix(":status: 500\n"))
        }
    }
}

/// Runs `body` with a client of a server that speaks TLS.
func withHTTP2(
    _ configuration: TransportConfiguration = .init(sendsDate: false),
    immediate: HTTPServer.Immediate? = nil,
    window: Int = 65_535,
    handler: @escaping HTTPServer.Handler,
    _ body: @Sendable (TestServer, HTTP2Client) async throws -> Void
) async throws {
    let folder = try TLSFolder()
    let secure = TransportConfiguration(
        tls: try ServerTLS(folder.security()), serverName: configuration.serverName, sendsDate: configuration.sendsDate,
        maximumHeaderBytes: configuration.maximumHeaderBytes, maximumHeaderFields: configuration.maximumHeaderFields,
        idleTimeout: configuration.idleTimeout, stallTimeout: configuration.stallTimeout, sendBuffer: configuration.sendBuffer,
        shutdownDeadline: configuration.shutdownDeadline)
    try await withServer(secure, immediate: immediate, handler: handler) { server in
        let client = try await HTTP2Client.connect(server, tls: folder.client(protocols: ["h2"]), window: window)
        try await body(server, client)
        await client.close()
    }
}

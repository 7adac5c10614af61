import HTTPTypes
import NIOCore
import Testing

@testable import HTTPTransport

@Suite struct AnswerTests {
    @Test("an answer has exactly the fields that the handler and the transport set, as they spell them")
    func wholeAnswer() async throws {
        let version = try #require(HTTPField.Name("X-Docker-Registry-Version"))
        let answer = try await withServer(
            .init(serverName: "wharf", sendsDate: false),
            handler: { _, _ in
                Response(
                    status: .unauthorized, headers: [version: "0.9", .wwwAuthenticate: "Basic realm=\"x\"", .contentLength: "99"],
                    body: .bytes(ByteBuffer(string: "no")))
            }
        ) { try await $0.exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\n") }
        #expect(
            answer == """
                HTTP/1.1 401 Unauthorized\r
                X-Docker-Registry-Version: 0.9\r
                WWW-Authenticate: Basic realm="x"\r
                Content-Length: 2\r
                Server: wharf\r
                \r
                no
                """)
    }

    @Test("a connection serves one request after the other")
    func keepAlive() async throws {
        try await withServer(handler: { request, _ in
            Response(status: .ok, body: .bytes(ByteBuffer(string: request.head.path ?? "")))
        }) { server in
            let client = try await server.connect()
            for path in ["/a", "/b", "/c"] {
                try await client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await client.receive(through: path) == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\(path)")
            }
            await client.close()
        }
    }

    @Test("Connection: close is honoured and confirmed")
    func close() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await client.receiveToEnd() == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
            await client.close()
        }
    }

    @Test("HTTP/1.0 closes unless asked to stay, and needs no Host")
    func version10() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(
                try await client.receive(through: "hello") == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello")
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try await client.receiveToEnd() == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
            await client.close()
        }
    }

    @Test("the handler may close the connection")
    func handlerCloses() async throws {
        try await withServer(handler: { _, _ in Response(status: .ok, headers: [.connection: "Close"]) }) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receiveToEnd() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await client.close()
        }
    }

    @Test("HEAD gets the length and no body, whatever the body is made of", arguments: ["bytes", "file", "stream", "given", "chunked"])
    func head(kind: String) async throws {
        let scratch = try ScratchFile(size: 7)
        let answer = try await withServer(handler: { _, _ in
            switch kind {
            case "bytes": Response(status: .ok, body: .bytes(ByteBuffer(string: "1234567")))
            case "file": Response(status: .ok, body: .file(FileBody(scratch.open(), length: 7)))
            case "stream": Response(status: .ok, body: .stream(StreamBody(length: 7) { _ in Issue.record("produced for HEAD") }))
            case "given": Response(status: .ok, headers: [.contentLength: "7"])
            default: Response(status: .ok, body: .stream(StreamBody(length: nil) { _ in Issue.record("produced for HEAD") }))
            }
        }) { try await $0.exchange("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n") }
        #expect(answer == (kind == "chunked" ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"))
    }

    @Test("204 and 304 have neither body nor length", arguments: [204, 304])
    func bodiless(code: Int) async throws {
        let answer = try await withServer(handler: { _, _ in
            Response(status: .init(code: code), headers: [.contentLength: "3"], body: .bytes(ByteBuffer(string: "abc")))
        }) { try await $0.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        #expect(answer == "HTTP/1.1 \(code) \(HTTPResponse.Status(code: code).reasonPhrase)\r\n\r\n")
    }

    @Test("a Content-Length given with an empty body counts for HEAD only")
    func givenLength() async throws {
        let answer = try await withServer(handler: { _, _ in Response(status: .ok, headers: [.contentLength: "7"]) }) {
            try await $0.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        }
        #expect(answer == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("Date is sent in the one format of RFC 9110, and the handler's own stands")
    func date() async throws {
        #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.format(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.format(951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
        #expect(HTTPDate.format(1_798_761_599) == "Thu, 31 Dec 2026 23:59:59 GMT")
        let answer = try await withServer(.init()) { try await $0.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        let line = try #require(answer.split(separator: "\r\n").first { $0.hasPrefix("Date: ") })
        #expect(line.wholeMatch(of: /Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d GMT/) != nil)
        let own = try await withServer(
            .init(serverName: "s"), handler: { _, _ in Response(status: .ok, headers: [.date: "D", .server: "S"]) }
        ) {
            try await $0.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        }
        #expect(own == "HTTP/1.1 200 OK\r\nDate: D\r\nServer: S\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("the handler sees the request as sent")
    func request() async throws {
        let probe = try #require(HTTPField.Name("X-Probe"))
        try await withServer(handler: { request, context in
            #expect(request.head.method == .put)
            #expect(request.head.path == "/v2/a%2Fb/?x=%20&y")
            #expect(request.head.authority == "example.org:5000")
            #expect(request.head.scheme == "http")
            #expect(request.head.headerFields == [probe: "1", probe: "2", .contentLength: "0"])
            #expect(request.head.headerFields.map(\.name.rawName) == ["x-pRoBe", "X-Probe", "Content-Length"])
            #expect(request.body.length == 0)
            #expect(context.remoteAddress?.ipAddress == "127.0.0.1")
            #expect(context.id.description.wholeMatch(of: /[0-9a-f]{16}/) != nil)
            return Response(status: .ok)
        }) { server in
            _ = try await server.exchange(
                "PUT /v2/a%2Fb/?x=%20&y HTTP/1.1\r\nhost: example.org:5000\r\nx-pRoBe: 1\r\nX-Probe:2\r\nContent-Length: 0\r\n\r\n")
        }
    }

    @Test("it listens on IPv6 too")
    func version6() async throws {
        let answer = try await withServer(.init(host: "::1", sendsDate: false)) {
            try await $0.exchange("GET / HTTP/1.1\r\nHost: [::1]:1\r\n\r\n")
        }
        #expect(answer == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    }

    @Test("request ids differ")
    func ids() {
        let ids = (0..<10_000).map { _ in RequestID.next() }
        #expect(Set(ids).count == ids.count)
        #expect(RequestID(rawValue: 0x0123_4567_89AB_CDEF).description == "0123456789abcdef")
    }
}

import HTTPTypes
import NIOCore
import Testing

@testable import HTTPTransport

/// RFC 9112 §11.2: whatever two parsers could read differently is refused, and the connection with it.
@Suite struct StrictnessTests {
    static func refusal(_ status: String, _ message: String) -> String {
        let body = "{\"error\": \"\(message)\"}"
        return
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    static let malformed = refusal("400 Bad Request", "malformed request")

    /// Each with a request behind it that must never be answered.
    static let malformedHeads: [String] = [
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\n Content-Length: 3\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\n X: a\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX\0: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\r\n\r\n",
        "GET / HTTP/1.1\rHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX(y): a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n",
        "get / HTTP/1.1\r\nHost: h\r\n\r\n",
        "NONSENSE / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTP/1.1\r\nHost: h\r\n\r\n",
        "GET / ICE/1.0\r\nHost: h\r\n\r\n",
    ]

    @Test("what leaves a message's end in doubt is refused, and nothing behind it is answered", arguments: malformedHeads)
    func malformedHead(head: String) async throws {
        try await withServer(handler: { request, _ in
            // A body may still be awaited when the framing turns out wrong.
            Issue.record("reached a handler: \(request.head)")
            return Response(status: .ok)
        }) { server in
            let answer = try await server.exchange(head + "abcGET /behind HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(answer == Self.malformed)
        }
    }

    @Test(
        "what is well formed and still not for us has its own status",
        arguments: [
            ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505 HTTP Version Not Supported", "unsupported HTTP version"),
            ("GET / HTTP/0.9\r\nHost: h\r\n\r\n", "505 HTTP Version Not Supported", "unsupported HTTP version"),
            ("GET /\r\n\r\n", "505 HTTP Version Not Supported", "unsupported HTTP version"),
            ("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", "505 HTTP Version Not Supported", "unsupported HTTP version"),
            ("GET / HTTP/1.1\nHost: h\r\n\r\n", "505 HTTP Version Not Supported", "unsupported HTTP version"),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 Bad Request", "malformed request"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", "501 Not Implemented", "unsupported transfer coding"),
            (
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501 Not Implemented",
                "unsupported transfer coding"
            ),
            (
                "POST / HTTP/1.1\r\nHost: h\r\nExpect: coffee\r\nContent-Length: 1\r\n\r\n", "417 Expectation Failed",
                "unsupported expectation"
            ),
            ("GET / HTTP/1.1\r\n\r\n", "400 Bad Request", "missing or invalid Host header"),
            ("GET / HTTP/1.1\r\nHost:\r\n\r\n", "400 Bad Request", "missing or invalid Host header"),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 Bad Request", "missing or invalid Host header"),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400 Bad Request", "missing or invalid Host header"),
            ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "400 Bad Request", "missing or invalid Host header"),
            ("GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "400 Bad Request", "missing or invalid Host header"),
            ("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "invalid request target"),
            ("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "invalid request target"),
            ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "invalid request target"),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "invalid request target"),
            ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "invalid request target"),
            ("GET /\u{e4} HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "malformed request"),
            ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "invalid request target"),
        ])
    func otherRefusals(request: String, status: String, message: String) async throws {
        try await withServer(handler: { request, _ in
            Issue.record("reached a handler: \(request.head)")
            return Response(status: .ok)
        }) { server in
            let answer = try await server.exchange(request + "GET /behind HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(answer == Self.refusal(status, message))
        }
    }

    @Test(
        "broken chunks are refused, and the handler's body fails rather than ends",
        arguments: [
            "x\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "3 \r\nabc\r\n0\r\n\r\n",
            "-3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n",
            "fffffffffffffffff\r\nabc", "3\r\nabc\r\n0\r\nX\r\n\r\n", "3;a\0b\r\nabc\r\n0\r\n\r\n", "\r\n",
        ])
    func brokenChunks(chunks: String) async throws {
        let ends = Collected<String>()
        try await withServer(handler: { request, _ in
            do {
                _ = try await request.body.collect(upTo: 100)
                ends.add("clean end")
            } catch {
                ends.add("\(error)")
            }
            return Response(status: .ok)
        }) { server in
            let answer = try await server.exchange(
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)GET /behind HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(answer == Self.malformed)
            #expect(try await ends.wait(for: 1) == ["malformed"])
        }
    }

    @Test("chunks, extensions and trailers are read right")
    func goodChunks() async throws {
        try await withServer(handler: { request, _ in
            if request.head.method == .post { #expect(request.body.length == nil) }
            let body = (try? await request.body.collect(upTo: 100)) ?? ByteBuffer(string: "failed")
            return Response(status: .ok, body: .bytes(body))
        }) { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n00A\r\n0123456789\r\n0\r\nT: 1\r\n\r\n")
            #expect(try await client.receive(through: "789") == "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nabc0123456789")
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await client.close()
        }
    }

    @Test("an absolute-form target is taken apart, and its authority goes before Host")
    func absoluteForm() async throws {
        try await withServer(handler: { request, _ in
            Response(status: .ok, body: .bytes(ByteBuffer(string: "\(request.head.authority ?? "-") \(request.head.path ?? "-");")))
        }) { server in
            let client = try await server.connect()
            for (target, seen) in [
                ("http://a:1/b?c", "a:1 /b?c;"), ("HTTPS://a", "a /;"), ("http://a?c", "a /?c;"), ("//x/y", "h //x/y;"),
                ("/http://a/", "h /http://a/;"),
            ] {
                try await client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await client.receive(through: ";") == "HTTP/1.1 200 OK\r\nContent-Length: \(seen.utf8.count)\r\n\r\n\(seen)")
            }
            try await client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: ";") == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nh *;")
            await client.close()
        }
    }

    @Test("a header block over the limit is a 431; one just under it is not")
    func headerLimit() async throws {
        try await withServer(.init(sendsDate: false, maximumHeaderBytes: 2000, maximumHeaderFields: 20)) { server in
            func request(_ filler: Int) -> String { "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: filler))\r\n\r\n" }
            #expect(try await server.exchange(request(1990)) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
            let tooLarge = Self.refusal("431 Request Header Fields Too Large", "request header too large")
            #expect(try await server.exchange(request(2000)) == tooLarge)
            #expect(try await server.exchange("GET /\(String(repeating: "x", count: 2000)) HTTP/1.1\r\nHost: h\r\n\r\n") == tooLarge)
            let many = (0..<20).map { "X: \($0)\r\n" }.joined()
            #expect(try await server.exchange("GET / HTTP/1.1\r\nHost: h\r\n\(many)\r\n") == tooLarge)
            // Without an end: refused as soon as it is too much, and nothing is kept of what follows.
            let client = try await server.connect()
            client.post(ByteBuffer(string: "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 300_000)))
            #expect(try await client.receiveToEnd() == tooLarge)
            await client.close()
        }
    }

    @Test("the error body can be another one; the status cannot")
    func ownRefusal() async throws {
        let seen = Collected<String>()
        try await withServer(refusal: { refusal in
            seen.add("\(refusal.reason) \(refusal.path ?? "-")")
            return Response(status: .ok, headers: [.contentType: "text/plain"], body: .bytes(ByteBuffer(string: refusal.message)))
        }) { server in
            let answer = try await server.exchange("GET /v2/ HTTP/1.1\r\n\r\n")
            #expect(
                answer
                    == "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 30\r\nConnection: close\r\n\r\n"
                    + "missing or invalid Host header"
            )
            _ = try await server.exchange("nonsense\r\n\r\n")
            #expect(seen.all == ["invalidHost /v2/", "malformed -"])
            let completed = try await server.completed.wait(for: 2)
            #expect(completed.map(\.status) == [400, 400])
            #expect(completed.map(\.method) == [.get, nil])
            #expect(completed.map(\.path) == ["/v2/", ""])
        }
    }

    @Test("a TLS greeting is closed without an answer, at once")
    func greeting() async throws {
        try await withServer { server in
            let client = try await server.connect()
            let start = ContinuousClock.now
            var hello = ByteBuffer(bytes: [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03])
            hello.writeRepeatingByte(0x0A, count: 506)
            try await client.send(hello)
            #expect(try await client.receiveToEnd() == "")
            #expect(ContinuousClock.now - start < .seconds(10))
            await client.close()
            #expect(server.completed.all.isEmpty)
        }
    }

    @Test("a request to change the protocol is answered in HTTP/1.1, as the last")
    func upgrade() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send(
                "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n\r\n"
            )
            #expect(try await client.receiveToEnd() == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
            await client.close()
        }
    }
}

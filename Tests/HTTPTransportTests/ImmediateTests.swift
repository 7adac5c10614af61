import HTTPTypes
import NIOCore
import Testing

@testable import HTTPTransport

@Suite struct ImmediateTests {
    static let pong = ImmediateResponse(status: .ok, headers: [.contentType: "text/plain"], body: ByteBuffer(string: "pong;"))
    static let large = ImmediateResponse(status: .ok, body: ByteBuffer(repeating: 0x61, count: 100_000))
    static let none = ImmediateResponse(status: .noContent, headers: [.contentLength: "3"], body: ByteBuffer(string: "abc"))

    static let answers: HTTPServer.Immediate = { request in
        switch request.path {
        case "/ping": pong
        case "/large": large
        case "/none": none
        default: nil
        }
    }

    static let slow: HTTPServer.Handler = { request, _ in
        try? await Task.sleep(for: .milliseconds(20))
        return Response(status: .ok, body: .bytes(ByteBuffer(string: "slow \(request.head.path ?? "");")))
    }

    static let pongAnswer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\npong;"
    static func slowAnswer(_ path: String) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count + 6)\r\n\r\nslow \(path);" }

    @Test("what is answered at once never reaches the handler, and the connection goes on")
    func immediate() async throws {
        try await withServer(
            immediate: Self.answers,
            handler: { _, _ in
                Issue.record("reached the handler")
                return Response(status: .ok)
            }
        ) { server in
            let client = try await server.connect()
            for _ in 0..<3 {
                try await client.send("GET /ping HTTP/1.1\r\nHost: h\r\nUser-Agent: t/1\r\n\r\n")
                #expect(try await client.receive(through: ";") == Self.pongAnswer)
            }
            try await client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            #expect(try await client.receive(100_000) == String(repeating: "a", count: 100_000))
            try await client.send(
                "HEAD /ping HTTP/1.1\r\nHost: h\r\n\r\nHEAD /large HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "GET /none HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            )
            #expect(
                try await client.receiveToEnd()
                    == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await client.close()
            let completed = try await server.completed.wait(for: 7)
            #expect(completed.map(\.path) == ["/ping", "/ping", "/ping", "/large", "/ping", "/large", "/none"])
            #expect(completed.map(\.status) == [200, 200, 200, 200, 200, 200, 204])
            #expect(completed.map(\.bodyBytesOut) == [5, 5, 5, 100_000, 0, 0, 0])
            #expect(completed.map(\.userAgent) == ["t/1", "t/1", "t/1", nil, nil, nil, nil])
            #expect(completed.map(\.method) == [.get, .get, .get, .get, .head, .head, .get])
            #expect(completed.allSatisfy { !$0.wasCutOff && $0.remoteAddress?.ipAddress == "127.0.0.1" && $0.duration >= .zero })
            #expect(Set(completed.map(\.id)).count == 7)
        }
    }

    @Test("HTTP/1.0 is told whether the connection stays")
    func version10() async throws {
        try await withServer(immediate: Self.answers) { server in
            let client = try await server.connect()
            try await client.send("GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(
                try await client.receive(through: ";")
                    == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\npong;")
            try await client.send("GET /ping HTTP/1.0\r\n\r\n")
            #expect(
                try await client.receiveToEnd()
                    == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\npong;")
            await client.close()
        }
    }

    @Test("a request with a body is not offered, one with an empty body is")
    func bodies() async throws {
        try await withServer(immediate: Self.answers, handler: Self.slow) { server in
            let client = try await server.connect()
            try await client.send("GET /ping HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
            #expect(try await client.receive(through: ";") == Self.slowAnswer("/ping"))
            try await client.send("GET /ping HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            #expect(try await client.receive(through: ";") == Self.slowAnswer("/ping"))
            try await client.send("GET /ping HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
            #expect(try await client.receive(through: ";") == Self.pongAnswer)
            await client.close()
        }
    }

    @Test("pipelined requests are answered in order, whichever way each is answered", arguments: 0..<4)
    func pipelining(splitting: Int) async throws {
        try await withServer(immediate: Self.answers, handler: Self.slow) { server in
            let paths = ["/a", "/ping", "/ping", "/b", "/c", "/ping", "/d", "/ping"]
            let request = paths.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
            let expected = paths.map { $0 == "/ping" ? Self.pongAnswer : Self.slowAnswer($0) }.joined()
            let client = try await server.connect()
            switch splitting {
            case 0:
                try await client.send(request)
            case 1:
                for byte in request.utf8 { try await client.send(ByteBuffer(bytes: [byte])) }
            case 2:
                // With the end of the connection right behind: everything asked is still answered.
                try await client.send(request)
                try await client.closeSending()
                #expect(try await client.receiveToEnd() == expected)
                await client.close()
                return
            default:
                try await client.send(request + request)
                #expect(try await client.receive(expected.utf8.count * 2) == expected + expected)
                await client.close()
                return
            }
            #expect(try await client.receive(expected.utf8.count) == expected)
            #expect(client.waiting == 0)
            await client.close()
            #expect(try await server.completed.wait(for: paths.count).map(\.path) == paths)
        }
    }

    @Test("pipelined bodies are kept apart")
    func pipelinedBodies() async throws {
        try await withServer(
            immediate: Self.answers,
            handler: { request, _ in
                let body = (try? await request.body.collect(upTo: 1000)) ?? ByteBuffer(string: "failed")
                try? await Task.sleep(for: .milliseconds(5))
                return Response(status: .ok, body: .bytes(ByteBuffer(string: "\(request.head.path ?? "") \(String(buffer: body));")))
            }
        ) { server in
            let client = try await server.connect()
            try await client.send(
                "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /ping HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "PUT /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n"
                    + "PUT /c HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nfg"
            )
            func answer(_ text: String) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)" }
            #expect(try await client.receive(through: ";") == answer("/a abc;"))
            #expect(try await client.receive(through: ";") == Self.pongAnswer)
            #expect(try await client.receive(through: ";") == answer("/b de;"))
            try await client.send("hij")
            #expect(try await client.receive(through: ";") == answer("/c fghij;"))
            await client.close()
        }
    }

    @Test("a malformed request behind good ones is refused after they were answered")
    func malformedBehind() async throws {
        try await withServer(immediate: Self.answers, handler: Self.slow) { server in
            let answer = try await server.exchange(
                "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /ping HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n")
            #expect(answer == Self.slowAnswer("/a") + Self.pongAnswer + StrictnessTests.malformed)
        }
    }

    @Test("fields are found whatever their case, and several of one name are joined")
    func fields() async throws {
        let seen = Collected<[String?]>()
        let probe = try #require(HTTPField.Name("X-Probe"))
        try await withServer(immediate: { request in
            seen.add([request[probe], request[.authorization], request[.accept], request.method.rawValue, request.path])
            return Self.pong
        }) { server in
            _ = try await server.exchange("DELETE /x?y HTTP/1.1\r\nHost: h\r\nx-PROBE: 1\r\nX-Probe: 2\r\nAUTHORIZATION: Basic x\r\n\r\n")
            #expect(seen.all == [["1, 2", "Basic x", nil, "DELETE", "/x?y"]])
        }
    }

    @Test("a peer that pipelines and does not read gets no more answers than the sockets hold")
    func flood() async throws {
        let asked = Collected<Bool>()
        try await withServer(immediate: { _ in
            asked.add(true)
            return Self.large
        }) { server in
            let client = try await server.connect(reads: false)
            client.discard()
            client.post(ByteBuffer(string: String(repeating: "GET /large HTTP/1.1\r\nHost: h\r\n\r\n", count: 1000)))
            #expect(try await eventually { asked.all.count > 0 })
            try await Task.sleep(for: .milliseconds(300))
            #expect(asked.all.count < 500)
            try await client.startReading()
            #expect(try await eventually(within: .seconds(30)) { server.completed.all.count == 1000 })
            await client.close()
        }
    }

    @Test("a peer that pipelines twenty thousand requests and reads gets all its answers")
    func manyPipelined() async throws {
        try await withServer(immediate: Self.answers) { server in
            let client = try await server.connect()
            client.post(ByteBuffer(string: String(repeating: "GET /ping HTTP/1.1\r\nHost: h\r\n\r\n", count: 20_000)))
            let wanted = 20_000 * Self.pongAnswer.utf8.count
            #expect(try await client.receiveBytes(wanted) == ByteBuffer(string: String(repeating: Self.pongAnswer, count: 20_000)))
            try await client.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: ";") == Self.pongAnswer)
            await client.close()
        }
    }
}

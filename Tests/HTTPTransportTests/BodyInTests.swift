import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import HTTPTransport

@Suite struct BodyInTests {
    /// Reads the whole body and answers with its length, or with what went wrong.
    static let counting: HTTPServer.Handler = { request, _ in
        var count = 0
        do {
            for try await buffer in request.body { count += buffer.readableBytes }
            return Response(status: .ok, body: .bytes(ByteBuffer(string: "\(count);")))
        } catch {
            return Response(status: .badRequest, body: .bytes(ByteBuffer(string: "\(error);")))
        }
    }

    static func answer(_ text: String, status: String = "200 OK", close: Bool = false) -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(text.utf8.count)\r\n\(close ? "Connection: close\r\n" : "")\r\n\(text)"
    }

    @Test("a body of 8 MiB comes through whole, sized and chunked, and the connection goes on")
    func whole() async throws {
        try await withServer(handler: Self.counting) { server in
            let client = try await server.connect()
            let size = 8 << 20
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
            try await client.send(ByteBuffer(repeating: 1, count: size))
            #expect(try await client.receive(through: ";") == Self.answer("\(size);"))
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<256 {
                var chunk = ByteBuffer(string: "8000\r\n")
                chunk.writeRepeatingByte(2, count: 0x8000)
                chunk.writeString("\r\n")
                try await client.send(chunk)
            }
            try await client.send("0\r\n\r\n")
            #expect(try await client.receive(through: ";") == Self.answer("\(size);"))
            await client.close()
            let completed = try await server.completed.wait(for: 2)
            #expect(completed.map(\.bodyBytesIn) == [Int64(size), Int64(size)])
        }
    }

    @Test("bytes come in the order they were sent")
    func order() async throws {
        let size = 3_000_000
        try await withServer(handler: { request, _ in
            var position = 0
            var isRight = true
            do {
                for try await buffer in request.body {
                    isRight = isRight && buffer == ScratchFile.bytes(position..<(position + buffer.readableBytes))
                    position += buffer.readableBytes
                }
            } catch { isRight = false }
            return Response(status: .ok, body: .bytes(ByteBuffer(string: "\(position) \(isRight);")))
        }) { server in
            let client = try await server.connect()
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
            try await client.send(ScratchFile.bytes(0..<size))
            #expect(try await client.receive(through: ";") == Self.answer("3000000 true;"))
            await client.close()
        }
    }

    @Test(
        "a body cut short throws; it never ends cleanly",
        arguments: [
            "Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "Transfer-Encoding: chunked\r\n\r\n3\r\na",
            "Content-Length: 10\r\n\r\n",
        ],
        ["half", "full", "reset"])
    func cutShort(request: String, how: String) async throws {
        let ends = Collected<String>()
        let started = Collected<Bool>()
        try await withServer(handler: { request, _ in
            started.add(true)
            do {
                for try await _ in request.body {}
                ends.add("clean end")
            } catch {
                ends.add("\(error)")
            }
            return Response(status: .ok)
        }) { server in
            let client = try await server.connect()
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\n\(request)")
            // Or the request may not even have been read when a reset throws it away.
            _ = try await started.wait(for: 1)
            switch how {
            case "half":
                try await client.closeSending()
                #expect(try await client.receiveToEnd() == StrictnessTests.malformed)
                await client.close()
            case "full": await client.close()
            default: try await client.reset()
            }
            #expect(try await ends.wait(for: 1) == ["disconnected"])
            #expect(try await server.completed.wait(for: 1).count == 1)
        }
    }

    @Test("100 Continue is sent when the body is asked for, and not before")
    func continues() async throws {
        let gate = Gate()
        try await withServer(handler: { request, context in
            await gate.wait()
            return await Self.counting(request, context)
        }) { server in
            let client = try await server.connect()
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n")
            try await Task.sleep(for: .milliseconds(100))
            #expect(client.waiting == 0)
            gate.open()
            #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("abc")
            #expect(try await client.receive(through: ";") == Self.answer("3;"))
            await client.close()
        }
    }

    @Test("100 Continue can be asked for without reading, is sent once, and to nobody who does not wait for it")
    func proceed() async throws {
        try await withServer(handler: { request, context in
            request.body.proceed()
            request.body.proceed()
            return await Self.counting(request, context)
        }) { server in
            let client = try await server.connect()
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("abcPUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try await client.receive(through: ";") == Self.answer("3;"))
            #expect(try await client.receive(through: ";") == Self.answer("3;"))
            // HTTP/1.0 knows no 100 (RFC 9110 §10.1.1).
            try await client.send("PUT /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try await client.receiveToEnd() == Self.answer("3;", close: true))
            await client.close()
        }
    }

    @Test("who is refused without 100 Continue is told that the connection closes")
    func refusedWithoutContinue() async throws {
        try await withServer(handler: { _, _ in Response(status: .unauthorized) }) { server in
            let client = try await server.connect()
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try await client.receiveToEnd() == Self.answer("", status: "401 Unauthorized", close: true))
            await client.close()
        }
    }

    @Test("a small rest of the body is thrown away, and the connection goes on", arguments: [3, 60_000])
    func smallRest(size: Int) async throws {
        try await withServer(handler: { request, _ in Response(status: .ok, body: .bytes(ByteBuffer(string: "\(request.head.path ?? "");")))
        }) { server in
            let client = try await server.connect()
            try await client.send("PUT /one HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
            #expect(try await client.receive(through: ";") == Self.answer("/one;"))
            // Only now comes the body: it must not be taken for a request.
            try await client.send(
                ByteBuffer(bytes: String(repeating: "GET /evil HTTP/1.1\r\n\r\n", count: size / 22 + 1).utf8.prefix(size)))
            try await client.send("GET /two HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: ";") == Self.answer("/two;"))
            await client.close()
            #expect(try await server.completed.wait(for: 2).map(\.path) == ["/one", "/two"])
        }
    }

    @Test("a chunked body that is all there is thrown away, and the connection goes on")
    func chunkedThere() async throws {
        let gate = Gate()
        try await withServer(handler: { request, _ in
            await gate.wait()
            return Response(status: .ok, body: .bytes(ByteBuffer(string: "\(request.head.path ?? "");")))
        }) { server in
            let client = try await server.connect()
            try await client.send(
                "PUT /one HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                    + "GET /two HTTP/1.1\r\nHost: h\r\n\r\n"
            )
            try await Task.sleep(for: .milliseconds(50))
            gate.open()
            #expect(try await client.receive(through: ";") == Self.answer("/one;"))
            #expect(try await client.receive(through: ";") == Self.answer("/two;"))
            await client.close()
        }
    }

    @Test(
        "a large rest closes the connection, and the answer arrives though the client goes on sending",
        arguments: ["Content-Length: 50000000", "Transfer-Encoding: chunked"])
    func largeRest(framing: String) async throws {
        try await withServer(handler: { _, _ in Response(status: .forbidden, body: .bytes(ByteBuffer(string: "no"))) }) { server in
            let client = try await server.connect(reads: false)
            try await client.send("PUT /one HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n")
            // Sends far more than the sockets hold before it reads, as engines do: a reset would lose it the answer.
            for _ in 0..<20 {
                try await client.send(framing.hasPrefix("C") ? ByteBuffer(repeating: 0, count: 1 << 20) : Self.chunk(1 << 20))
            }
            try await client.startReading()
            #expect(try await client.receiveToEnd() == Self.answer("no", status: "403 Forbidden", close: true))
            await client.close()
            #expect(try await server.completed.wait(for: 1).map(\.wasCutOff) == [false])
        }
    }

    static func chunk(_ size: Int) -> ByteBuffer {
        var chunk = ByteBuffer(string: "\(String(size, radix: 16))\r\n")
        chunk.writeRepeatingByte(0x61, count: size)
        chunk.writeString("\r\n")
        return chunk
    }

    @Test("a handler that does not read slows the peer down: little waits in memory")
    func backPressure() async throws {
        let gate = Gate()
        try await withServer(handler: { request, context in
            await gate.wait()
            return await Self.counting(request, context)
        }) { server in
            let client = try await server.connect()
            let size = 64 << 20
            try await client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
            let taken = Mutex(0)
            for _ in 0..<64 {
                client.channel.writeAndFlush(ByteBuffer(repeating: 1, count: 1 << 20)).whenSuccess { taken.withLock { $0 += 1 } }
            }
            try await Task.sleep(for: .milliseconds(500))
            // What the two kernels hold of it depends on the machine; the handler has seen nothing, and memory holds 2 MiB at most.
            let held = taken.withLock { $0 }
            #expect(held < 60)
            gate.open()
            #expect(try await client.receive(through: ";", within: .seconds(30)) == Self.answer("\(size);"))
            await client.close()
        }
    }

    @Test("what waits for a handler that does not read is no more than 2 MiB")
    func bounded() async throws {
        let body = Collected<RequestBody>()
        let gate = Gate()
        try await withServer(handler: { request, _ in
            body.add(request.body)
            await gate.wait()
            return Response(status: .ok)
        }) { server in
            let client = try await server.connect()
            client.post(ByteBuffer(string: "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: \(64 << 20)\r\n\r\n"))
            for _ in 0..<64 { client.post(ByteBuffer(repeating: 1, count: 1 << 20)) }
            let buffer = try #require(try await body.wait(for: 1).first?.buffer)
            #expect(try await eventually { buffer.isPaused })
            try await Task.sleep(for: .milliseconds(200))
            #expect(buffer.waitingBytes <= 2 << 20)
            gate.open()
            await client.close()
        }
    }

    @Test("collecting is limited, by what is announced and by what comes")
    func collectLimit() async throws {
        try await withServer(handler: { request, _ in
            do {
                let whole = try await request.body.collect(upTo: 5)
                return Response(status: .ok, body: .bytes(whole))
            } catch {
                return Response(status: .contentTooLarge, body: .bytes(ByteBuffer(string: "\(error)")))
            }
        }) { server in
            let fits = try await server.exchange("PUT / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde")
            #expect(fits == Self.answer("abcde", close: true))
            let tooLarge = Self.answer("tooLarge(limit: 5)", status: "413 Content Too Large", close: true)
            #expect(
                try await server.exchange("PUT / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabcdef") == tooLarge)
            #expect(
                try await server.exchange(
                    "PUT / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")
                    == tooLarge)
        }
    }

    @Test("a task that is cancelled while it waits for the body is woken")
    func cancelled() async throws {
        try await withServer(handler: { request, _ in
            let outcome = await withTaskGroup(of: String.self) { group in
                group.addTask {
                    do {
                        for try await _ in request.body {}
                        return "ended"
                    } catch {
                        return error is CancellationError ? "cancelled" : "\(error)"
                    }
                }
                try? await Task.sleep(for: .milliseconds(50))
                group.cancelAll()
                return await group.next() ?? ""
            }
            return Response(status: .ok, body: .bytes(ByteBuffer(string: outcome)))
        }) { server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabc")
            #expect(try await client.receive(through: "cancelled") == Self.answer("cancelled", close: true))
            await client.close()
        }
    }
}

/// Holds tasks up until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }
}

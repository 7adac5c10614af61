import HTTPTypes
import NIOCore
import ServiceLifecycle
import Testing

@testable import HTTPTransport

/// How connections and the server end.
@Suite struct LifeTests {
    static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    static let lastHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"

    @Test("a shutdown closes idle connections, finishes requests in flight and accepts nothing more")
    func graceful() async throws {
        let gate = Gate()
        let started = Collected<Bool>()
        try await withServer(handler: { _, _ in
            started.add(true)
            await gate.wait()
            return Response(status: .ok, body: .bytes(ByteBuffer(string: "hello")))
        }) { server in
            let idle = try await server.connect()
            let busy = try await server.connect()
            try await busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await started.wait(for: 1)
            await server.group.triggerGracefulShutdown()
            #expect(try await idle.receiveToEnd() == "")
            #expect(try await eventually { (try? await server.connect()) == nil })
            #expect(!busy.isEnded)
            gate.open()
            #expect(try await busy.receiveToEnd() == Self.lastHello)
            await idle.close()
            await busy.close()
        }
    }

    @Test("a shutdown that comes between an answer and the rest of its request closes the connection after that rest")
    func gracefulWhileDraining() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n")
            #expect(try await client.receive(through: "hello") == Self.hello)
            await server.group.triggerGracefulShutdown()
            #expect(try await eventually { (try? await server.connect()) == nil })
            #expect(!client.isEnded)
            try await client.send("abc")
            #expect(try await client.receiveToEnd() == "")
        }
    }

    @Test("a handler that hangs is cut at the deadline, also if it does not heed its cancellation", arguments: [true, false])
    func deadline(heeds: Bool) async throws {
        let gate = Gate()
        let started = Collected<ContinuousClock.Instant>()
        try await withServer(
            .init(sendsDate: false, shutdownDeadline: .milliseconds(300)),
            handler: { _, _ in
                started.add(.now)
                if heeds { try? await Task.sleep(for: .seconds(60)) } else { await gate.wait() }
                return Response(status: .ok)
            }
        ) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await started.wait(for: 1)
            await server.group.triggerGracefulShutdown()
            #expect(try await client.receiveToEnd() == "")
            await client.close()
            #expect(try await server.completed.wait(for: 1).map(\.wasCutOff) == [true])
        }
        // withServer has waited for run() to return.
        let took = ContinuousClock.now - (try #require(started.all.first))
        #expect(took > .milliseconds(300) && took < .seconds(10))
        gate.open()
    }

    @Test("an upload and a download in flight are finished before the deadline and cut at it")
    func deadlineWithTransfers() async throws {
        let scratch = try ScratchFile(size: 40_000_000)
        let ends = Collected<String>()
        let started = Collected<Bool>()
        try await withServer(
            .init(sendsDate: false, shutdownDeadline: .milliseconds(300)),
            handler: { request, _ in
                started.add(true)
                if request.head.method == .get { return Response(status: .ok, body: .file(FileBody(scratch.open(), length: 40_000_000))) }
                do {
                    for try await _ in request.body {}
                    ends.add("complete")
                } catch {
                    ends.add("\(error)")
                }
                return Response(status: .ok)
            }
        ) { server in
            let download = try await server.connect(reads: false)
            try await download.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upload = try await server.connect()
            try await upload.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
            _ = try await started.wait(for: 2)
            await server.group.triggerGracefulShutdown()
            #expect(try await upload.receiveToEnd() == "")
            // Whichever reaches it first: the end of the connection or of the task.
            let end = try #require(try await ends.wait(for: 1).first)
            #expect(["disconnected", "CancellationError()"].contains(end))
            #expect(try await server.completed.wait(for: 2).allSatisfy(\.wasCutOff))
            try await download.startReading()
            #expect(try await download.countToEnd() < 40_000_000)
        }
    }

    @Test("a port that is taken is an error of run()")
    func portTaken() async throws {
        try await withServer { server in
            await #expect(throws: (any Error).self) {
                try await withServer(.init(port: server.address.port ?? 0)) { _ in }
            }
        }
    }

    @Test("a connection without requests is closed after the idle timeout, and so is one that sends its head too slowly")
    func idle() async throws {
        try await withServer(.init(sendsDate: false, idleTimeout: .seconds(2))) { server in
            let start = ContinuousClock.now
            let silent = try await server.connect()
            let slow = try await server.connect()
            try await slow.send("GET / HTTP/1.1\r\nHost: h\r\n")
            let dripping = Task {
                while !slow.isEnded {
                    try? await slow.send("X: y\r\n")
                    try? await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(try await silent.receiveToEnd() == "")
            #expect(try await slow.receiveToEnd() == "")
            #expect(ContinuousClock.now - start > .milliseconds(1900))
            #expect(ContinuousClock.now - start < .seconds(10))
            await dripping.value
            let used = try await server.connect()
            for _ in 0..<5 {
                try await Task.sleep(for: .milliseconds(300))
                try await used.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await used.receive(through: "hello") == Self.hello)
            }
            #expect(try await used.receiveToEnd() == "")
        }
    }

    @Test("a peer that stops sending its body is closed after the stall timeout; one that is slow is not")
    func stalledUpload() async throws {
        let ends = Collected<String>()
        try await withServer(
            .init(sendsDate: false, stallTimeout: .seconds(2)),
            handler: { request, _ in
                do {
                    ends.add("\(try await request.body.collect(upTo: 100).readableBytes)")
                } catch {
                    ends.add("\(error)")
                }
                return Response(status: .ok, body: .bytes(ByteBuffer(string: "hello")))
            }
        ) { server in
            let slow = try await server.connect()
            try await slow.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 13\r\n\r\n")
            for _ in 0..<13 {
                try await Task.sleep(for: .milliseconds(200))
                try await slow.send("a")
            }
            #expect(try await slow.receive(through: "hello") == Self.hello)
            await slow.close()
            let stalled = try await server.connect()
            try await stalled.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nabc")
            #expect(try await stalled.receiveToEnd() == "")
            #expect(try await ends.wait(for: 2) == ["13", "stalled"])
        }
    }

    @Test("a peer that stops taking its answer is closed after the stall timeout; one that takes it slowly is not")
    func stalledDownload() async throws {
        let size = 20_000_000
        let scratch = try ScratchFile(size: size)
        try await withServer(
            .init(sendsDate: false, stallTimeout: .seconds(2), sendBuffer: 65_536),
            handler: { _, _ in Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size)))) }
        ) { server in
            let stalled = try await server.connect(reads: false, receiveBuffer: 65_536)
            try await stalled.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let slow = try await server.connect(reads: false, receiveBuffer: 65_536)
            try await slow.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let start = ContinuousClock.now
            // One read every 100 ms for far longer than the timeout, then the rest at once.
            while ContinuousClock.now - start < .milliseconds(4500) {
                slow.channel.read()
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(!slow.isEnded)
            #expect(slow.received < size / 2)
            #expect(try await server.completed.wait(for: 1).map(\.wasCutOff) == [true])
            try await slow.startReading()
            #expect(try await eventually { slow.received > size })
            await slow.close()
            #expect(try await server.completed.wait(for: 2).map(\.wasCutOff) == [true, false])
            await stalled.close()
        }
    }

    @Test("a handler that takes its time is no stall of the peer's")
    func slowHandler() async throws {
        try await withServer(
            .init(sendsDate: false, idleTimeout: .seconds(2), stallTimeout: .seconds(2)),
            handler: { request, _ in
                try? await Task.sleep(for: .milliseconds(4500))
                _ = try? await request.body.collect(upTo: 100)
                return Response(status: .ok, body: .bytes(ByteBuffer(string: "hello")))
            }
        ) { server in
            let plain = try await server.connect()
            try await plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let polite = try await server.connect()
            try await polite.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try await plain.receive(through: "hello") == Self.hello)
            #expect(try await polite.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await polite.send("abc")
            #expect(try await polite.receive(through: "hello") == Self.hello)
            await plain.close()
            await polite.close()
        }
    }

    @Test("a slow reader does not delay the others on its event loop")
    func slowReader() async throws {
        let scratch = try ScratchFile(size: 20_000_000)
        let answer = ImmediateResponse(status: .ok, body: ByteBuffer(string: "hello"))
        try await withServer(
            immediate: { $0.path == "/ping" ? answer : nil },
            handler: { _, _ in
                Response(status: .ok, body: .file(FileBody(scratch.open(), length: 20_000_000)))
            }
        ) { server in
            var slow: [RawClient] = []
            for _ in 0..<8 {
                let client = try await server.connect(reads: false)
                try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                slow.append(client)
            }
            let start = ContinuousClock.now
            for _ in 0..<8 {
                let client = try await server.connect()
                for _ in 0..<10 {
                    try await client.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")
                    #expect(try await client.receive(through: "hello") == Self.hello)
                }
                await client.close()
            }
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(slow.allSatisfy { !$0.isEnded })
            for client in slow { try await client.reset() }
        }
    }

    @Test("beyond the limit connections wait until one closes")
    func connectionLimit() async throws {
        try await withServer(.init(sendsDate: false, maximumConnections: 2)) { server in
            var clients: [RawClient] = []
            for number in 0..<3 {
                let client = try await server.connect()
                try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try await eventually(within: number < 2 ? .seconds(10) : .milliseconds(200)) { client.waiting > 0 }
                clients.append(client)
            }
            #expect(clients.map(\.waiting) == [Self.hello.utf8.count, Self.hello.utf8.count, 0])
            await clients[0].close()
            #expect(try await clients[2].receive(through: "hello") == Self.hello)
            for client in clients { await client.close() }
        }
    }

    @Test("a request is reported once, with what it moved")
    func completed() async throws {
        try await withServer(handler: { request, _ in
            _ = try? await request.body.collect(upTo: 1000)
            return Response(status: .created, body: .bytes(ByteBuffer(string: "made")))
        }) { server in
            let client = try await server.connect()
            try await client.send(
                "PUT /v2/?q HTTP/1.1\r\nHost: h\r\nUser-Agent: docker/1.5\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789")
            _ = try await client.receiveToEnd()
            await client.close()
            _ = try await server.completed.wait(for: 1)
            try await Task.sleep(for: .milliseconds(50))
            let all = server.completed.all
            #expect(all.count == 1)
            let one = try #require(all.first)
            #expect(one.method == .put)
            #expect(one.path == "/v2/?q")
            #expect(one.status == 201)
            #expect(one.bodyBytesIn == 10)
            #expect(one.bodyBytesOut == 4)
            #expect(one.userAgent == "docker/1.5")
            #expect(one.remoteAddress?.ipAddress == "127.0.0.1")
            #expect(!one.wasCutOff)
            #expect(one.duration > .zero && one.duration < .seconds(10))
        }
    }

    @Test("a peer that goes away while its request is handled is reported as cut off, once")
    func goneWhileHandled() async throws {
        let gate = Gate()
        let started = Collected<Bool>()
        try await withServer(handler: { _, _ in
            started.add(true)
            await gate.wait()
            return Response(status: .ok, body: .bytes(ByteBuffer(string: "hello")))
        }) { server in
            let client = try await server.connect()
            try await client.send("GET /gone HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await started.wait(for: 1)
            try await client.reset()
            let all = try await server.completed.wait(for: 1)
            #expect(all.map(\.wasCutOff) == [true])
            #expect(all.map(\.status) == [0])
            gate.open()
            try await Task.sleep(for: .milliseconds(50))
            #expect(server.completed.all.count == 1)
        }
    }

    @Test("hundreds of connections of one request each are all served and all let go")
    func connectionPerRequest() async throws {
        try await withServer { server in
            let port = try #require(server.address.port)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for _ in 0..<40 {
                            let client = try await server.connect()
                            try await client.send("GET /\(worker) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                            #expect(try await client.receiveToEnd() == Self.lastHello)
                            await client.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.completed.all.count == 320)
            #expect(try await eventually { openConnections(on: port) == 0 })
        }
    }
}

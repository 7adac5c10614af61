import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOSSL
import ServiceLifecycle
import Synchronization
import Testing

@testable import HTTPTransport

/// How streams and HTTP/2 connections end, and what they hold meanwhile.
@Suite(.serialized) struct HTTP2LifeTests {
    @Test("a large upload comes in whole; while the handler does not read, no more than the window comes")
    func upload() async throws {
        let size = 5_000_000
        let gate = Gate()
        try await withHTTP2(handler: { request, _ in
            await gate.wait()
            let body = try? await request.body.collect(upTo: size)
            return HTTP2Tests.text("\(body == ScratchFile.bytes(0..<size))")
        }) { _, client in
            let stream = try await client.open("PUT", "/", ends: false)
            let sent = Mutex(0)
            let piece = 100_000
            for number in 0..<(size / piece) {
                let bytes = ScratchFile.bytes((number * piece)..<((number + 1) * piece))
                let isLast = number == size / piece - 1
                stream.channel.writeAndFlush(HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(bytes), endStream: isLast)))
                    .whenSuccess { sent.withLock { $0 += piece } }
            }
            _ = try await eventually(within: .seconds(2)) { sent.withLock { $0 } > 3_000_000 }
            // A window, and what is taken off it before reading stops.
            #expect(sent.withLock { $0 } <= 2_000_000)
            gate.open()
            try await expect(HTTP2Tests.answer("true")) { try await stream.receiveToEnd(within: .seconds(60)) }
        }
    }

    @Test("a peer that does not take a stream stops its producer, and the others go on")
    func slowDownload() async throws {
        let written = Mutex(0)
        let size = 5_000_000
        try await withHTTP2(handler: { request, _ in
            guard request.head.path == "/slow" else { return HTTP2Tests.text("quick") }
            return Response(
                status: .ok,
                body: .stream(
                    StreamBody(length: Int64(size)) { writer in
                        for start in stride(from: 0, to: size, by: 50_000) {
                            try await writer.write(ScratchFile.bytes(start..<(start + 50_000)))
                            written.withLock { $0 += 50_000 }
                        }
                    }))
        }) { _, client in
            let slow = try await client.open("GET", "/slow", reads: false)
            _ = try await eventually(within: .seconds(2)) { written.withLock { $0 } > 2_000_000 }
            // The peer's window of 64 KiB and the stream's buffer of 256 KiB.
            #expect(written.withLock { $0 } <= 500_000)
            try await expect(HTTP2Tests.answer("quick")) { try await client.exchange("GET", "/") }
            try await slow.startReading()
            #expect(try await eventually(within: .seconds(60)) { slow.isEnded })
            #expect(slow.body == ScratchFile.bytes(0..<size))
        }
    }

    @Test("a peer that does not take a file is let go after the stall timeout, one that is slow is not")
    func stalledDownload() async throws {
        let size = 4_000_000
        let scratch = try ScratchFile(size: size)
        try await withHTTP2(
            TransportConfiguration(sendsDate: false, stallTimeout: .seconds(2)),
            handler: { _, _ in Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size)))) }
        ) { server, client in
            let stalled = try await client.open("GET", "/", reads: false)
            let slow = try await client.open("GET", "/", reads: false)
            let start = ContinuousClock.now
            while ContinuousClock.now - start < .milliseconds(4500) {
                slow.channel.read()
                try await Task.sleep(for: .milliseconds(50))
            }
            let first = try await server.completed.wait(for: 1)
            #expect(first.map(\.wasCutOff) == [true])
            try await slow.startReading()
            try await stalled.startReading()
            #expect(try await eventually(within: .seconds(30)) { slow.isEnded && stalled.isEnded })
            #expect(slow.lines.last == "end")
            #expect(slow.received == size)
            #expect(stalled.lines.last == "reset: HTTP2ErrorCode<0x8 Cancel>")
            #expect(stalled.received < size)
        }
    }

    @Test("a peer that stops sending its body is let go after the stall timeout")
    func stalledUpload() async throws {
        let ends = Collected<String>()
        try await withHTTP2(
            TransportConfiguration(sendsDate: false, stallTimeout: .seconds(1)),
            handler: { request, _ in
                do {
                    ends.add("\(try await request.body.collect(upTo: 100).readableBytes)")
                } catch {
                    ends.add("\(error)")
                }
                return HTTP2Tests.text("done")
            }
        ) { _, client in
            let stream = try await client.open("PUT", "/", ends: false)
            stream.send(ByteBuffer(string: "abc"))
            try await expect("reset: HTTP2ErrorCode<0x8 Cancel>") { try await stream.receiveToEnd() }
            #expect(try await ends.wait(for: 1) == ["stalled"])
            try await expect(HTTP2Tests.answer("done")) { try await client.exchange("PUT", "/", body: ByteBuffer(string: "abc")) }
        }
    }

    @Test("a stream that is reset ends its request, in and out, and not the connection")
    func reset() async throws {
        let ends = Collected<String>()
        try await withHTTP2(handler: { request, _ in
            if request.head.path == "/up" {
                do {
                    for try await _ in request.body {}
                    ends.add("complete")
                } catch {
                    ends.add("\(error)")
                }
            }
            guard request.head.path == "/down" else { return HTTP2Tests.text("good") }
            return Response(
                status: .ok,
                body: .stream(
                    StreamBody(length: nil) { writer in
                        do {
                            while true { try await writer.write(ByteBuffer(repeating: 0, count: 50_000)) }
                        } catch {
                            ends.add("gone")
                            throw error
                        }
                    }))
        }) { server, client in
            let up = try await client.open("PUT", "/up", ends: false)
            up.send(ByteBuffer(string: "abc"))
            _ = try await eventually { up.lines.count > 0 || server.completed.all.count > 0 }
            up.post(.rstStream(.cancel))
            #expect(try await ends.wait(for: 1) == ["disconnected"])
            let down = try await client.open("GET", "/down")
            #expect(try await eventually { down.received > 100_000 })
            down.post(.rstStream(.cancel))
            #expect(try await ends.wait(for: 2) == ["disconnected", "gone"])
            try await expect(HTTP2Tests.answer("good")) { try await client.exchange("GET", "/") }
            #expect(try await server.completed.wait(for: 3).map(\.wasCutOff) == [true, true, false])
        }
    }

    @Test("an answer before the end of a large body ends the stream without an error; a small rest is thrown away")
    func earlyAnswer() async throws {
        try await withHTTP2(handler: { _, _ in HTTP2Tests.text("early") }) { server, client in
            let large = try await client.open("PUT", "/", ends: false)
            let answer = ":status: 200\ncontent-length: 5\nearly\nend"
            try await expect(answer) { try await large.receiveToEnd() }
            #expect(try await eventually { !large.channel.isActive })
            let small = try await client.open("PUT", "/", fields: [("content-length", "6")], ends: false)
            try await expect(answer) { try await small.receiveToEnd() }
            #expect(small.channel.isActive)
            small.send(ByteBuffer(string: "abcdef"), ends: true)
            #expect(try await eventually { !small.channel.isActive })
            #expect(try await server.completed.wait(for: 2).map(\.wasCutOff) == [false, false])
        }
    }

    @Test("a shutdown says so, finishes what is on its way and closes")
    func graceful() async throws {
        let gate = Gate()
        let started = Collected<Bool>()
        try await withHTTP2(handler: { _, _ in
            started.add(true)
            await gate.wait()
            return HTTP2Tests.text("done")
        }) { server, client in
            let busy = try await client.open("GET", "/")
            _ = try await started.wait(for: 1)
            await server.group.triggerGracefulShutdown()
            #expect(try await eventually { client.goAways.count == 2 })
            #expect(client.goAways == ["2147483647 HTTP2ErrorCode<0x0 No Error>", "1 HTTP2ErrorCode<0x0 No Error>"])
            #expect(!client.isEnded)
            gate.open()
            try await expect(HTTP2Tests.answer("done")) { try await busy.receiveToEnd() }
            #expect(try await eventually { client.isEnded })
            #expect(server.completed.all.map(\.wasCutOff) == [false])
        }
    }

    @Test("a shutdown closes an idle connection at once, and cuts what hangs at the deadline")
    func deadline() async throws {
        let gate = Gate()
        let started = Collected<Bool>()
        try await withHTTP2(
            TransportConfiguration(sendsDate: false, shutdownDeadline: .milliseconds(300)),
            handler: { _, _ in
                started.add(true)
                await gate.wait()
                return HTTP2Tests.text("done")
            }
        ) { server, client in
            let idle = try await HTTP2Client.connect(server, tls: client.tls)
            #expect(try await eventually { !idle.settings.isEmpty })
            let hanging = try await client.open("GET", "/")
            _ = try await started.wait(for: 1)
            await server.group.triggerGracefulShutdown()
            #expect(try await eventually { idle.isEnded })
            #expect(idle.goAways == ["0 HTTP2ErrorCode<0x0 No Error>"])
            #expect(try await eventually { client.isEnded && hanging.isEnded })
            #expect(try await server.completed.wait(for: 1).map(\.wasCutOff) == [true])
        }
        gate.open()
    }

    @Test("a connection without streams is closed after the idle timeout")
    func idle() async throws {
        try await withHTTP2(
            TransportConfiguration(sendsDate: false, idleTimeout: .seconds(3)), handler: { _, _ in HTTP2Tests.text("hello") }
        ) {
            _, client in
            for _ in 0..<5 {
                try await Task.sleep(for: .milliseconds(700))
                try await expect(HTTP2Tests.answer("hello")) { try await client.exchange("GET", "/") }
            }
            #expect(try await eventually { client.isEnded })
            #expect(client.goAways == ["9 HTTP2ErrorCode<0x0 No Error>"])
        }
    }

    @Test("a peer that resets streams as fast as it opens them is shown out, and starts no more handlers than it may have streams")
    func rapidReset() async throws {
        let running = Mutex(0)
        let gate = Gate()
        try await withHTTP2(handler: { _, _ in
            running.withLock { $0 += 1 }
            await gate.wait()
            return HTTP2Tests.text("done")
        }) { server, client in
            for _ in 0..<260 {
                guard let stream = try? await client.open("GET", "/") else { break }
                stream.post(.rstStream(.cancel))
            }
            let isEnded = try await eventually { client.isEnded }
            #expect(isEnded)
            #expect(client.goAways == ["0 HTTP2ErrorCode<0xb Enhance Your Calm>"])
            #expect(running.withLock { $0 } <= HTTP2Connection.maximumStreams)
            gate.open()
        }
    }

    @Test("a head that is too large closes the connection, one that is malformed only the stream")
    func bounds() async throws {
        try await withHTTP2(
            TransportConfiguration(sendsDate: false, maximumHeaderBytes: 8192),
            handler: { request, _ in
                _ = try? await request.body.collect(upTo: 100)
                return HTTP2Tests.text("good")
            }
        ) { server, client in
            let lie = try await client.open("GET", "/", fields: [("Upper-Case", "no")])
            try await expect("reset: HTTP2ErrorCode<0x1 ProtocolError>") { try await lie.receiveToEnd() }
            try await expect(HTTP2Tests.answer("good")) { try await client.exchange("GET", "/") }
            _ = try await client.open("GET", "/", fields: [("x", String(repeating: "a", count: 9000))])
            #expect(try await eventually { client.isEnded })
        }
    }
}

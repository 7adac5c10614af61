import Glibc
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import HTTPTransport

/// Serialised, for it counts the process's descriptors.
@Suite(.serialized) struct BodyOutTests {
    struct Broken: Error {}

    static func head(_ length: Int) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n" }

    @Test("a file goes out byte for byte, small and large, whole and in part", arguments: [0, 1, 16 << 10, (16 << 10) + 1, 20_000_000])
    func file(size: Int) async throws {
        let scratch = try ScratchFile(size: size)
        let range = size > 100 ? 17..<(size - 5) : 0..<size
        try await withServer(handler: { request, _ in
            request.head.path == "/whole"
                ? Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size))))
                : Response(status: .ok, body: .file(FileBody(scratch.open(), offset: Int64(range.lowerBound), length: Int64(range.count))))
        }) { server in
            let client = try await server.connect()
            try await client.send("GET /whole HTTP/1.1\r\nHost: h\r\n\r\nGET /part HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == Self.head(size))
            #expect(try await client.receiveBytes(size) == ScratchFile.bytes(0..<size))
            #expect(try await client.receive(through: "\r\n\r\n") == Self.head(range.count))
            #expect(try await client.receiveBytes(range.count) == ScratchFile.bytes(range))
            await client.close()
            #expect(try await server.completed.wait(for: 2).map(\.bodyBytesOut) == [Int64(size), Int64(range.count)])
        }
    }

    @Test("a file goes out the same where the kernel cannot copy it")
    func readFile() async throws {
        let size = 3_000_000
        let scratch = try ScratchFile(size: size)
        try await withServer(
            copiesFilesInKernel: false,
            handler: { _, _ in
                Response(status: .ok, body: .file(FileBody(scratch.open(), offset: 3, length: Int64(size - 3))))
            }
        ) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == Self.head(size - 3))
            #expect(try await client.receiveBytes(size - 3) == ScratchFile.bytes(3..<size))
            await client.close()
        }
    }

    @Test("two answers may share one descriptor at a time")
    func sharedDescriptor() async throws {
        let size = 20_000_000
        let scratch = try ScratchFile(size: size)
        let open = scratch.open()
        try await withServer(handler: { _, _ in Response(status: .ok, body: .file(FileBody(open, length: Int64(size)))) }) { server in
            let clients = [try await server.connect(reads: false), try await server.connect(reads: false)]
            for client in clients { try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
            try await Task.sleep(for: .milliseconds(50))
            for client in clients { try await client.startReading() }
            for client in clients {
                #expect(try await client.receive(through: "\r\n\r\n") == Self.head(size))
                #expect(try await client.receiveBytes(size) == ScratchFile.bytes(0..<size))
                await client.close()
            }
        }
    }

    @Test("no descriptor is left after 200 disconnects half-way, HEADs and errors")
    func descriptors() async throws {
        let size = 20_000_000
        let scratch = try ScratchFile(size: size)
        try await withServer(handler: { _, _ in Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size)))) }) {
            server in
            for round in 0..<200 {
                let client = try await server.connect(reads: false, receiveBuffer: 4096)
                try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                if round.isMultiple(of: 10) { try await Task.sleep(for: .milliseconds(5)) }
                if round.isMultiple(of: 2) { try await client.reset() } else { await client.close() }
            }
            for _ in 0..<20 { _ = try await server.exchange("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n") }
            #expect(try await eventually { scratch.openDescriptors == 0 })
            // Of 200 some may have been gone before they were read; whatever was a request was reported.
            #expect(server.completed.all.filter { $0.wasCutOff && $0.method == .get }.count > 100)
        }
    }

    @Test("a file that is shorter than promised is an error, not an answer", arguments: [8, 20_000_000])
    func shortFile(size: Int) async throws {
        let scratch = try ScratchFile(size: size)
        try await withServer(handler: { _, _ in Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size + 1)))) }) {
            server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(answer == StrictnessTests.refusal("500 Internal Server Error", "internal server error"))
            #expect(server.log.errors() == ["error file is shorter than promised"])
        }
    }

    @Test("a file that shrinks while it is sent cuts the connection", arguments: [9 << 20, 1])
    func shrinkingFile(rest: Int) async throws {
        let size = 40_000_000
        let scratch = try ScratchFile(size: size)
        try await withServer(
            .init(sendsDate: false, stallTimeout: .milliseconds(400)),
            handler: { _, _ in Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size)))) }
        ) { server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try await Task.sleep(for: .milliseconds(50))
            scratch.truncate(to: rest)
            try await client.startReading()
            let got = try await client.countToEnd()
            #expect(got < size)
            #expect(server.log.errors() == ["error answer cut off: file is shorter than promised"])
            #expect(try await server.completed.wait(for: 1).map(\.wasCutOff) == [true])
            await client.close()
        }
    }

    @Test("a stream goes out with its length, in chunks, or to the end of the connection")
    func streams() async throws {
        try await withServer(handler: { request, _ in
            Response(
                status: .ok,
                body: .stream(
                    StreamBody(length: request.head.path == "/sized" ? 6 : nil) { writer in
                        try await writer.write(ByteBuffer(string: "abc"))
                        try await writer.write(ByteBuffer())
                        try await writer.write(ByteBuffer(string: "def"))
                    }))
        }) { server in
            let client = try await server.connect()
            try await client.send("GET /sized HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "def") == Self.head(6) + "abcdef")
            try await client.send("GET /chunked HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(
                try await client.receive(through: "0\r\n\r\n")
                    == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")
            try await client.send("GET /chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await client.receiveToEnd() == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdef")
            await client.close()
            #expect(try await server.completed.wait(for: 3).map(\.bodyBytesOut) == [6, 6, 6])
        }
    }

    @Test("a sequence of buffers is a stream too")
    func sequence() async throws {
        let answer = try await withServer(handler: { _, _ in
            let buffers = AsyncStream { continuation in
                for text in ["a", "b", "c"] { continuation.yield(ByteBuffer(string: text)) }
                continuation.finish()
            }
            return Response(status: .ok, body: .stream(StreamBody(length: 3, buffers)))
        }) { try await $0.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        #expect(answer == Self.head(3) + "abc")
    }

    @Test(
        "a stream that breaks, or is too short or too long, cuts the connection", arguments: ["throws", "short", "long"],
        [6, nil] as [Int64?])
    func brokenStream(how: String, length: Int64?) async throws {
        try await withServer(handler: { _, _ in
            Response(
                status: .ok,
                body: .stream(
                    StreamBody(length: length) { writer in
                        try await writer.write(ByteBuffer(string: "abc"))
                        if how == "throws" { throw Broken() }
                        if how == "long" { try await writer.write(ByteBuffer(string: "defg")) }
                    }))
        }) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            switch (how, length) {
            case ("throws", nil):
                #expect(try await client.receiveToEnd() == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            case (_, nil):
                #expect(try await client.receive(through: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
            default:
                #expect(try await client.receiveToEnd() == Self.head(6) + "abc")
            }
            await client.close()
            let isGood = length == nil && how != "throws"
            #expect(try await server.completed.wait(for: 1).map(\.wasCutOff) == [!isGood])
            #expect(server.log.errors().count == (isGood ? 0 : 1))
        }
    }

    @Test("a stream that breaks before its first byte is a 500")
    func streamBrokenAtOnce() async throws {
        try await withServer(handler: { _, _ in Response(status: .ok, body: .stream(StreamBody(length: 3) { _ in throw Broken() })) }) {
            server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(answer == StrictnessTests.refusal("500 Internal Server Error", "internal server error"))
            #expect(try await server.completed.wait(for: 1).map(\.status) == [500])
        }
    }

    @Test("a peer that does not read stops the producer; a peer that goes away ends it")
    func streamBackPressure() async throws {
        let written = Mutex(0)
        let ends = Collected<String>()
        try await withServer(handler: { _, _ in
            Response(
                status: .ok,
                body: .stream(
                    StreamBody(length: nil) { writer in
                        do {
                            for _ in 0..<10_000 {
                                try await writer.write(ByteBuffer(repeating: 0, count: 65_536))
                                written.withLock { $0 += 1 }
                            }
                            ends.add("all written")
                        } catch {
                            ends.add("failed")
                            throw error
                        }
                    }))
        }) { server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try await Task.sleep(for: .milliseconds(300))
            let before = written.withLock { $0 }
            try await Task.sleep(for: .milliseconds(200))
            #expect(before > 0)
            #expect(written.withLock { $0 } == before)
            #expect(before < 2000)
            try await client.reset()
            #expect(try await ends.wait(for: 1) == ["failed"])
            #expect(try await server.completed.wait(for: 1).map(\.wasCutOff) == [true])
        }
    }

    @Test("large bytes go out whole")
    func largeBytes() async throws {
        let size = 10_000_000
        let bytes = ScratchFile.bytes(0..<size)
        try await withServer(handler: { _, _ in Response(status: .ok, body: .bytes(bytes)) }) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == Self.head(size))
            #expect(try await client.receiveBytes(size) == ScratchFile.bytes(0..<size))
            await client.close()
        }
    }
}

import Glibc
import HTTPTypes
import NIOCore
import NIOSSL
import ServiceLifecycle
import Testing

@testable import HTTPTransport

@Suite(.serialized) struct TLSTests {
    static let who: HTTPServer.Handler = { request, context in
        let facts = context.connection
        let name = facts.clientCertificate.map { $0.commonName ?? "without a name" } ?? "nobody"
        let text = "\(request.head.scheme ?? "") \(facts.isSecure) \(name);"
        return Response(status: .ok, body: .bytes(ByteBuffer(string: text)))
    }

    static func answer(_ body: String) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)" }

    static func configuration(
        _ tls: TransportSecurity, maximumConnections: Int = 8192, idleTimeout: Duration = .seconds(120)
    ) throws -> TransportConfiguration {
        TransportConfiguration(
            tls: try ServerTLS(tls), sendsDate: false, maximumConnections: maximumConnections, idleTimeout: idleTimeout,
            shutdownDeadline: .seconds(5))
    }

    @Test("requests, bodies and the connection's going on are over TLS as they are without")
    func roundTrip() async throws {
        let folder = try TLSFolder()
        try await withServer(
            Self.configuration(folder.security()),
            immediate: { $0.path == "/ping" && $0.connection.isSecure ? ImmediateTests.pong : nil },
            handler: { request, context in
                if request.head.method == .get { return await Self.who(request, context) }
                return Response(status: .ok, body: .bytes((try? await request.body.collect(upTo: 1 << 20)) ?? ByteBuffer()))
            }
        ) { server in
            let client = try await server.connect(tls: folder.client())
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: ";") == Self.answer("https true nobody;"))
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcde;")
            #expect(try await client.receive(through: ";") == Self.answer("abcde;"))
            try await client.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\nGET /ping HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let last = ImmediateTests.pongAnswer.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n")
            #expect(try await client.receiveToEnd() == ImmediateTests.pongAnswer + last)
            #expect(try await server.completed.wait(for: 4).map(\.bodyBytesOut) == [18, 6, 5, 5])
            #expect(server.completed.all.allSatisfy { $0.remoteAddress?.ipAddress == "127.0.0.1" && !$0.wasCutOff })
        }
    }

    @Test("without TLS the scheme is http and nobody has a certificate")
    func plain() async throws {
        try await withServer(handler: Self.who) { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(answer == Self.answer("http false nobody;"))
        }
    }

    @Test("a large file goes out whole and a large body comes in whole")
    func large() async throws {
        let size = 6_000_000
        let scratch = try ScratchFile(size: size)
        let folder = try TLSFolder()
        try await withServer(
            Self.configuration(folder.security()),
            handler: { request, _ in
                if request.head.method == .get { return Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size)))) }
                let body = try? await request.body.collect(upTo: size)
                let isSame = body == ScratchFile.bytes(0..<size)
                return Response(status: .ok, body: .bytes(ByteBuffer(string: "\(isSame);")))
            }
        ) { server in
            let client = try await server.connect(tls: folder.client())
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            #expect(try await client.receiveBytes(size) == ScratchFile.bytes(0..<size))
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
            try await client.send(ScratchFile.bytes(0..<size))
            #expect(try await client.receive(through: ";") == Self.answer("true;"))
            await client.close()
        }
    }

    @Test("a peer that does not take a file stops its reading, and is closed after the stall timeout")
    func stalledDownload() async throws {
        let size = 16_000_000
        let scratch = try ScratchFile(size: size)
        let folder = try TLSFolder()
        let configuration = TransportConfiguration(
            tls: try ServerTLS(folder.security()), sendsDate: false, stallTimeout: .seconds(1), sendBuffer: 65_536)
        try await withServer(
            configuration,
            handler: { _, _ in Response(status: .ok, body: .file(FileBody(scratch.open(), length: Int64(size)))) }
        ) { server in
            let client = try await server.connect(receiveBuffer: 65_536, tls: folder.client())
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await client.receive(through: "\r\n\r\n")
            try await client.channel.setOption(.autoRead, value: false).get()
            let all = try await server.completed.wait(for: 1)
            #expect(all.map(\.wasCutOff) == [true])
            #expect(all.allSatisfy { $0.bodyBytesOut < size })
            await client.close()
        }
    }

    @Test("a peer that closes its side after the request gets its answer")
    func halfClosed() async throws {
        let folder = try TLSFolder()
        try await withServer(Self.configuration(folder.security()), handler: Self.who) { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n", tls: folder.client())
            #expect(answer == Self.answer("https true nobody;"))
        }
    }

    @Test("a peer that is refused while it sends gets its answer")
    func lingering() async throws {
        let folder = try TLSFolder()
        try await withServer(
            Self.configuration(folder.security()),
            handler: { _, _ in Response(status: .forbidden, body: .bytes(ByteBuffer(string: "no;"))) }
        ) { server in
            let client = try await server.connect(tls: folder.client())
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n")
            for _ in 0..<20 { client.post(ByteBuffer(repeating: 0, count: 100_000)) }
            #expect(
                try await client.receiveToEnd() == "HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno;")
            await client.close()
        }
    }

    @Test("plain HTTP on the port is told so, anything else is closed")
    func cleartext() async throws {
        let folder = try TLSFolder()
        try await withServer(Self.configuration(folder.security())) { server in
            let lost = try await server.connect()
            try await lost.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await lost.receiveToEnd(within: .seconds(5))
            #expect(
                answer == """
                    HTTP/1.0 400 Bad Request\r
                    Content-Type: text/plain\r
                    Content-Length: 48\r
                    Connection: close\r
                    \r
                    Client sent an HTTP request to an HTTPS server.

                    """)
            await lost.close()
            let other = try await server.connect()
            try await other.send(ByteBuffer(bytes: [0, 1, 2]))
            #expect(try await other.receiveToEnd() == "")
            #expect(server.completed.all.isEmpty)
            #expect(server.log.errors() == [])
        }
    }

    @Test("a lower version than the lowest is refused, a lower lowest is obeyed")
    func versions() async throws {
        let folder = try TLSFolder()
        let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        try await withServer(Self.configuration(folder.security(.tls12)), handler: Self.who) { server in
            let old = try await server.connect(tls: folder.client(atMost: .tlsv11))
            try? await old.send(request)
            #expect(try await old.receiveToEnd() == "")
            let new = try folder.client(atMost: .tlsv12)
            #expect(try await server.exchange(request, tls: new) == Self.answer("https true nobody;"))
            #expect(server.completed.all.count == 1)
            // Refused handshakes are for nobody to be woken by.
            #expect(server.log.all("TLS handshake failed") == ["debug TLS handshake failed"])
        }
        try await withServer(Self.configuration(folder.security(.tls10)), handler: Self.who) { server in
            let old = try folder.client(atMost: .tlsv1)
            #expect(try await server.exchange(request, tls: old) == Self.answer("https true nobody;"))
        }
        try await withServer(Self.configuration(folder.security(.tls13)), handler: Self.who) { server in
            let old = try await server.connect(tls: folder.client(atMost: .tlsv12))
            try? await old.send(request)
            #expect(try await old.receiveToEnd() == "")
        }
    }

    @Test(
        "a client's certificate names who it is, if it is asked for; bad ones are no way in",
        arguments: [TransportSecurity.ClientCertificates.optional, .required], [TLSVersion.tlsv12, .tlsv13])
    func clientCertificates(which: TransportSecurity.ClientCertificates, version: TLSVersion) async throws {
        let folder = try TLSFolder()
        let foreign = try TestCertificate.authority("Foreign CA")
        // Of the right name, but it is not the one that is trusted.
        let impostor = try TestCertificate.authority()
        let ca = folder.authority
        let cases: [(TestCertificate?, String)] = [
            (try ca.signs("alice", for: .client), "alice;"),
            (try ca.signs("alice", "bob", for: .client), "without a name;"),
            (nil, which == .optional ? "nobody;" : ""),
            (try foreign.signs("alice", for: .client), ""),
            (try impostor.signs("alice", for: .client), ""),
            (try ca.signs("alice", for: .client, validUntil: -60), ""),
            (try ca.signs("alice", for: .server), ""),
        ]
        try await withServer(Self.configuration(folder.security(clients: which)), handler: Self.who) { server in
            for (certificate, wanted) in cases {
                let client = try await server.connect(tls: folder.client(showing: certificate, atMost: version))
                try? await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                let answer = try await client.receiveToEnd()
                #expect(answer.hasSuffix(wanted.isEmpty ? "" : "https true \(wanted)"))
                #expect(answer.isEmpty == wanted.isEmpty)
                await client.close()
            }
            #expect(server.completed.all.count == cases.filter { !$0.1.isEmpty }.count)
        }
    }

    @Test("a handshake that does not come to its end is closed in time, and counts as a connection until then")
    func handshakeTimeout() async throws {
        let folder = try TLSFolder()
        try await withServer(
            Self.configuration(folder.security(), maximumConnections: 2, idleTimeout: .seconds(3)), handler: Self.who
        ) { server in
            let start = ContinuousClock.now
            let silent = try await server.connect()
            let half = try await server.connect()
            try await half.send(ByteBuffer(bytes: [0x16, 3, 1]))
            let third = try await server.connect(tls: folder.client())
            try await third.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await third.receive(through: ";") == Self.answer("https true nobody;"))
            #expect(ContinuousClock.now - start > .milliseconds(2900))
            #expect(ContinuousClock.now - start < .seconds(8))
            #expect(try await silent.receiveToEnd() == "")
            _ = try await half.receiveToEnd()
            await third.close()
        }
    }

    @Test("a shutdown closes idle connections and those in a handshake, and finishes what is being answered")
    func shutdown() async throws {
        let folder = try TLSFolder()
        let gate = Gate()
        let started = Collected<Bool>()
        try await withServer(
            Self.configuration(folder.security()),
            handler: { request, context in
                if request.head.path == "/slow" {
                    started.add(true)
                    await gate.wait()
                }
                return await Self.who(request, context)
            }
        ) { server in
            let shaking = try await server.connect()
            let idle = try await server.connect(tls: folder.client())
            try await idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await idle.receive(through: ";") == Self.answer("https true nobody;"))
            let busy = try await server.connect(tls: folder.client())
            try await busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await started.wait(for: 1)
            await server.group.triggerGracefulShutdown()
            #expect(try await idle.receiveToEnd() == "")
            #expect(try await shaking.receiveToEnd() == "")
            gate.open()
            #expect(
                try await busy.receiveToEnd() == "HTTP/1.1 200 OK\r\nContent-Length: 18\r\nConnection: close\r\n\r\nhttps true nobody;")
        }
    }
}

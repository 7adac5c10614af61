import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// A client that opens streams one frame at a time, and shows what comes back.
final class HTTP2Client: Sendable {
    /// What came on the connection itself.
    struct State {
        var goAways: [String] = []
        var settings: HTTP2Settings = []
        var isEnded = false
    }

    let channel: any Channel
    let tls: TLSConfiguration
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer
    private let inbox: Mailbox<State>

    private init(
        channel: any Channel, tls: TLSConfiguration, multiplexer: NIOHTTP2Handler.StreamMultiplexer, inbox: Mailbox<State>
    ) {
        self.channel = channel
        self.tls = tls
        self.multiplexer = multiplexer
        self.inbox = inbox
    }

    /// - Parameter window: what the server may send on a stream before it is taken.
    static func connect(_ server: TestServer, tls: TLSConfiguration, window: Int = 65_535) async throws -> HTTP2Client {
        let context = try NIOSSLContext(configuration: tls)
        let inbox = Mailbox(State())
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0), HTTP2Setting(parameter: .initialWindowSize, value: window),
        ]
        connection.targetWindowSize = 1 << 24
        // What a bad client sends is for the server to find.
        connection.headerBlockValidation = .disabled
        connection.contentLengthValidation = .disabled
        var streams = NIOHTTP2Handler.StreamConfiguration()
        streams.targetWindowSize = window
        let settings = (connection, streams)
        let (channel, multiplexer) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(to: server.address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = NIOHTTP2Handler(
                        mode: .client, eventLoop: channel.eventLoop, connectionConfiguration: settings.0, streamConfiguration: settings.1
                    ) { stream in stream.close() }
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(context: context, serverHostname: "localhost"), handler, ConnectionWatcher(inbox),
                    ])
                    return (channel, try handler.syncMultiplexer())
                }
            }
        return HTTP2Client(channel: channel, tls: tls, multiplexer: multiplexer, inbox: inbox)
    }

    /// Opens a stream with a request's head; `path` is nil for CONNECT, which has no scheme either.
    func open(
        _ method: String, _ path: String?, fields: [(String, String)] = [], authority: String? = "h", ends: Bool = true, reads: Bool = true
    ) async throws -> HTTP2Stream {
        let inbox = Mailbox(HTTP2Stream.State())
        let channel = try await multiplexer.createStreamChannel { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.syncOptions?.setOption(.autoRead, value: reads)
                try stream.pipeline.syncOperations.addHandler(StreamReceiver(inbox))
            }
        }.get()
        let stream = HTTP2Stream(channel: channel, inbox: inbox)
        var head = [(":method", method)]
        if let path { head += [(":scheme", "https"), (":path", path)] }
        if let authority { head.append((":authority", authority)) }
        stream.post(.headers(.init(headers: HPACKHeaders(head + fields), endStream: ends)))
        return stream
    }

    /// One request and its whole answer.
    func exchange(_ method: String, _ path: String, fields: [(String, String)] = [], body: ByteBuffer? = nil) async throws -> String {
        let stream = try await open(method, path, fields: fields, ends: body == nil)
        if let body { stream.send(body, ends: true) }
        return try await stream.receiveToEnd()
    }

    var goAways: [String] { inbox.state.withLock { $0.goAways } }
    var isEnded: Bool { inbox.state.withLock { $0.isEnded } }
    var settings: HTTP2Settings { inbox.state.withLock { $0.settings } }

    func close() async {
        try? await channel.close().get()
    }
}

/// One stream of a client.
struct HTTP2Stream: Sendable {
    struct State {
        /// Heads, one field a line, and then the end: `end`, or how the stream was reset.
        var lines: [String] = []
        var body = ByteBuffer()
        var received = 0
        var keeps = true
        var isEnded = false
    }

    let channel: any Channel
    let inbox: Mailbox<State>

    func post(_ frame: HTTP2Frame.FramePayload) {
        channel.writeAndFlush(frame, promise: nil)
    }

    func send(_ bytes: ByteBuffer, ends: Bool = false) {
        post(.data(.init(data: .byteBuffer(bytes), endStream: ends)))
    }

    var received: Int { inbox.state.withLock { $0.received } }
    var lines: [String] { inbox.state.withLock { $0.lines } }
    var isEnded: Bool { inbox.state.withLock { $0.isEnded } }
    var body: ByteBuffer { inbox.state.withLock { $0.body } }

    /// Counts what comes in from here on, and keeps nothing of it.
    func discard() { inbox.state.withLock { $0.keeps = false } }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }

    /// Heads, body and end, a line each.
    func receiveToEnd(within limit: Duration = .seconds(20)) async throws -> String {
        guard try await eventually(within: limit, { isEnded }) else { return (lines + ["(nothing more)"]).joined(separator: "\n") }
        return inbox.state.withLock { state in
            let last = state.lines.last ?? ""
            let body = String(buffer: state.body)
            var lines = Array(state.lines.dropLast())
            if !body.isEmpty { lines.append(body) }
            return (lines + [last]).joined(separator: "\n")
        }
    }
}

/// Compares what comes with what is wanted, and shows both if they differ, which `#expect` does not do for what is awaited.
func expect(
    _ wanted: String, location: SourceLocation = #_sourceLocation, _ got: () async throws -> String
) async throws {
    let answer = try await got()
    #expect(answer == wanted, sourceLocation: location)
}

final class Mailbox<Value: Sendable>: Sendable {
    let state: Mutex<Value>
    init(_ value: Value) { state = Mutex(value) }
}

private final class ConnectionWatcher: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    let inbox: Mailbox<HTTP2Client.State>

    init(_ inbox: Mailbox<HTTP2Client.State>) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .goAway(let last, let code, _): inbox.state.withLock { $0.goAways.append("\(Int(last)) \(code)") }
        case .settings(.settings(let settings)): inbox.state.withLock { $0.settings = settings }
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.state.withLock { $0.isEnded = true }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

private final class StreamReceiver: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    let inbox: Mailbox<HTTP2Stream.State>

    init(_ inbox: Mailbox<HTTP2Stream.State>) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        inbox.state.withLock { state in
            switch frame {
            case .headers(let block):
                state.lines += block.headers.map { "\($0.name): \($0.value)" }
                if block.endStream { Self.end(&state, "end") }
            case .data(let piece):
                guard case .byteBuffer(let bytes) = piece.data else { return }
                state.received += bytes.readableBytes
                if state.keeps { state.body.writeImmutableBuffer(bytes) }
                if piece.endStream { Self.end(&state, "end") }
            case .rstStream(let code): Self.end(&state, "reset: \(code)")
            default: break
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.state.withLock { state in
            if let closed = error as? NIOHTTP2Errors.StreamClosed {
                Self.end(&state, "reset: \(closed.errorCode)")
            } else {
                Self.end(&state, "\(error)")
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.state.withLock { Self.end(&$0, "closed") }
    }

    private static func end(_ state: inout HTTP2Stream.State, _ line: String) {
        guard !state.isEnded else { return }
        state.isEnded = true
        state.lines.append(line)
    }
}

import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A client that sends exactly the bytes it is told to, and shows exactly those that come back.
final class RawClient: Sendable {
    enum Failure: Error, Equatable {
        case timedOut(received: String)
        case ended(received: String)
    }

    let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// - Parameter reads: false leaves everything that comes in the kernel's buffers, as a peer does that takes nothing.
    /// - Parameter tls: with it, the bytes are those inside of TLS.
    static func connect(
        _ address: SocketAddress, reads: Bool = true, receiveBuffer: Int? = nil, tls: TLSConfiguration? = nil
    ) async throws -> RawClient {
        let inbox = Inbox()
        let secure = try tls.map { try NIOSSLContext(configuration: $0) }
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let secure { try pipeline.addHandler(NIOSSLClientHandler(context: secure, serverHostname: "localhost")) }
                    try pipeline.addHandler(Receiver(inbox))
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBuffer))
        }
        return RawClient(channel: try await bootstrap.connect(to: address).get(), inbox: inbox)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    /// Sends without waiting for the peer to take it.
    func post(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// What came in, once it is `count` bytes or more; takes exactly that many.
    func receive(_ count: Int, within limit: Duration = .seconds(10)) async throws -> String {
        try await wait(limit) { $0.readableBytes >= count ? count : nil }
    }

    /// The same as bytes.
    func receiveBytes(_ count: Int) async throws -> ByteBuffer {
        let deadline = ContinuousClock.now + .seconds(20)
        while waiting < count, !isEnded, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(2)) }
        return inbox.state.withLock { state in
            state.bytes.readSlice(length: min(count, state.bytes.readableBytes)) ?? ByteBuffer()
        }
    }

    /// What came in up to and including `mark`.
    func receive(through mark: String, within limit: Duration = .seconds(10)) async throws -> String {
        let wanted = Array(mark.utf8)
        return try await wait(limit) { bytes in
            bytes.withUnsafeReadableBytes { held in
                guard let base = held.baseAddress, held.count >= wanted.count else { return nil }
                return (0...(held.count - wanted.count)).first { memcmp(base + $0, wanted, wanted.count) == 0 }.map { $0 + wanted.count }
            }
        }
    }

    /// Everything until the server closes its side, or resets.
    func receiveToEnd(within limit: Duration = .seconds(10)) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while !inbox.state.withLock({ $0.isEnded }) {
            guard ContinuousClock.now < deadline else { throw Failure.timedOut(received: inbox.text()) }
            try await Task.sleep(for: .milliseconds(2))
        }
        return inbox.take(.max)
    }

    /// How much there was in all, once the server closes its side; the bytes are thrown away.
    func countToEnd(within limit: Duration = .seconds(20)) async throws -> Int {
        discard()
        let deadline = ContinuousClock.now + limit
        while !isEnded, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(2)) }
        return received
    }

    /// How many bytes have come in and not been taken.
    var waiting: Int { inbox.state.withLock { $0.bytes.readableBytes } }
    var isEnded: Bool { inbox.state.withLock { $0.isEnded } }
    var received: Int { inbox.state.withLock { $0.total } }

    private func wait(_ limit: Duration, _ find: (ByteBuffer) -> Int?) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while true {
            let (found, isEnded) = inbox.state.withLock { (find($0.bytes), $0.isEnded) }
            if let found { return inbox.take(found) }
            if isEnded { throw Failure.ended(received: inbox.text()) }
            guard ContinuousClock.now < deadline else { throw Failure.timedOut(received: inbox.text()) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Closes the sending side only.
    func closeSending() async throws {
        try await channel.close(mode: .output).get()
    }

    func close() async {
        try? await channel.close().get()
    }

    /// Closes with a reset, as a process does that is killed with bytes unread.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close().get()
    }

    /// Counts what comes in from here on, and keeps nothing of it.
    func discard() { inbox.state.withLock { $0.keeps = false } }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }
}

/// What a client received.
final class Inbox: Sendable {
    struct State {
        var bytes = ByteBuffer()
        var total = 0
        var isEnded = false
        var keeps = true
    }
    let state = Mutex(State())

    func take(_ count: Int) -> String {
        state.withLock { state in
            state.bytes.readString(length: min(count, state.bytes.readableBytes)) ?? ""
        }
    }

    func text() -> String {
        state.withLock { String(buffer: $0.bytes) }
    }
}

private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let inbox: Inbox

    init(_ inbox: Inbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        inbox.state.withLock { state in
            state.total += bytes.readableBytes
            if state.keeps { state.bytes.writeImmutableBuffer(bytes) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { inbox.state.withLock { $0.isEnded = true } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.state.withLock { $0.isEnded = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.state.withLock { $0.isEnded = true }
        context.close(promise: nil)
    }
}

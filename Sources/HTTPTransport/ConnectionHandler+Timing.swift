import Logging
import NIOCore

/// What the timer compares from one look to the next, so that nothing is scheduled per request.
struct Progress {
    /// When the connection last became idle, or last got bytes while lingering.
    var lastInput: NIODeadline
    /// Bytes of request bodies so far.
    var bytesIn: Int64 = 0
    /// Bytes of answers' bodies that were given to a stream and did not go out yet; counted over HTTP/2 only.
    var outstanding = 0
    /// How often the peer took bytes off a stream's window.
    var windowUpdates: UInt64 = 0
    /// When something last moved, or nothing was waited for.
    var lastMoved: NIODeadline

    private var seenBytesIn: Int64 = 0
    private var seenPending = 0
    private var seenAcknowledged: UInt64 = 0

    init(now: NIODeadline) {
        self.lastInput = now
        self.lastMoved = now
    }

    /// A new wait begins.
    mutating func begin() {
        lastMoved = .now()
    }

    /// - Parameters:
    ///   - pending: bytes that the channel could not write yet.
    ///   - acknowledged: bytes that the peer's kernel has taken.
    ///   - awaitsPeer: whether it is the peer's turn.
    mutating func look(now: NIODeadline, pending: Int, acknowledged: UInt64, awaitsPeer: Bool) {
        if !awaitsPeer || bytesIn != seenBytesIn || pending != seenPending || acknowledged != seenAcknowledged { lastMoved = now }
        seenBytesIn = bytesIn
        seenPending = pending
        seenAcknowledged = acknowledged
    }
}

extension ConnectionHandler {
    /// How long a peer that was told no may go on sending, and how long it may pause (nginx's lingering_time and lingering_timeout).
    private static let lingerTime = TimeAmount.seconds(30)
    private static let lingerPause = TimeAmount.seconds(5)

    func scheduleTick(_ context: ChannelHandlerContext) {
        tick = context.eventLoop.assumeIsolated().scheduleTask(in: parts.tickPeriod) { self.look() }
    }

    private func look() {
        guard let context else { return }
        let now = NIODeadline.now()
        let pending = context.channel.pendingBytes
        switch phase {
        case .closed:
            return
        case .idle where pending == 0, .skippingEnd where pending == 0:
            progress.begin()
            if now - progress.lastInput >= TimeAmount(parts.configuration.idleTimeout) { cut() }
        case .lingering(let since):
            if now - since >= Self.lingerTime || now - progress.lastInput >= Self.lingerPause { cut() }
        case .idle, .skippingEnd, .exchanging, .closing:
            lookForStall(now: now, pending: pending, acknowledged: pending > 0 ? context.channel.acknowledgedBytes : 0)
        }
        if case .closed = phase { return }
        scheduleTick(context)
    }

    /// The same for a stream, whose connection calls it: the stream moves if its own bytes or its window do, or, while the connection is
    /// what holds it up, if that does.
    /// - Parameters:
    ///   - connectionPending: bytes that the connection could not write yet.
    ///   - acknowledged: bytes that the peer's kernel has taken of the connection.
    func lookAtStream(now: NIODeadline, connectionPending: Int, acknowledged: UInt64) {
        guard case .exchanging = phase else { return }
        lookForStall(
            now: now, pending: progress.outstanding,
            acknowledged: progress.windowUpdates &+ (connectionPending > 0 ? acknowledged : 0))
    }

    private func lookForStall(now: NIODeadline, pending: Int, acknowledged: UInt64) {
        progress.look(now: now, pending: pending, acknowledged: acknowledged, awaitsPeer: pending > 0 || awaitsInput)
        guard case .exchanging(let exchange) = phase else {
            if now - progress.lastMoved >= TimeAmount(parts.configuration.stallTimeout) { cut() }
            return
        }
        if copiesFilesInKernel, case .sendingFile(let pump) = exchange.answer, pending > 0, progress.lastMoved != now, !pump.file.isWhole {
            // sendfile at the end of a file writes nothing and says nothing: NIO would try for ever.
            abort(exchange, "file is shorter than promised")
        } else if now - progress.lastMoved >= TimeAmount(parts.configuration.stallTimeout) {
            parts.logger.debug("peer stalled, connection closed", metadata: ["request": "\(exchange.id)"])
            exchange.body?.fail(.stalled)
            if http2 != nil { reset(.stalled) } else { cut() }
        }
    }

    /// Whether it is the peer's turn to send.
    private var awaitsInput: Bool {
        switch phase {
        case .exchanging(let exchange): !exchange.isReceived && !exchange.awaitsContinue && !(exchange.body?.isPaused ?? false)
        case .closing: true
        case .idle, .skippingEnd, .lingering, .closed: false
        }
    }
}

extension Channel {
    /// Bytes that the socket could not take yet. To be called on the event loop, and not for a stream.
    var pendingBytes: Int {
        (try? syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Bytes that the peer's kernel has acknowledged since the connection began, which tells a slow peer from a stalled one even while
    /// the socket's buffer is full; 0 where the system does not say. To be called on the event loop.
    var acknowledgedBytes: UInt64 {
        #if os(Linux)
            // struct tcp_info: 8 bytes, 24 numbers of 32 bits, pacing rates, then tcpi_bytes_acked, at byte 120 (Linux 4.1 and later).
            // swift-format-ignore
            typealias Information = (
            UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64
        )
            guard let provider = self as? any SocketOptionProvider else { return 0 }
            let tcpInfo = NIOBSDSocket.Option(rawValue: 11)
            let answer: EventLoopFuture<Information> = provider.unsafeGetSocketOption(level: .tcp, name: tcpInfo)
            var acknowledged: UInt64 = 0
            // On the event loop the answer is there at once.
            answer.assumeIsolated().whenSuccess { acknowledged = $0.15 }
            return acknowledged
        #else
            return 0
        #endif
    }
}

import Logging
import NIOCore
import NIOHTTP1

/// One connection's HTTP/1 codec, on its event loop: takes what the parser makes of the bytes, answers what can be answered at once, hands
/// the rest to the connection's task one request at a time, and writes the answers in order.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = Never
    typealias OutboundIn = Never
    typealias OutboundOut = IOData

    enum Phase {
        /// Between messages: what comes next is a head.
        case idle
        /// An immediate answer was written; the end of its request is to come.
        case skippingEnd
        case exchanging(Exchange)
        /// The last answer is being written; what comes in is thrown away.
        case closing(reads: Bool)
        /// Everything is written and the sending side closed; what comes in is thrown away until the peer closes too, for a while.
        case lingering(since: NIODeadline)
        case closed
    }

    /// What came in while an earlier request was still being answered, or while the peer took no answers.
    enum Queued {
        case part(HTTPServerRequestPart)
        case failure(TransportRefusal.Reason)
        case inputClosed
    }

    let parts: ServerParts
    let slot: RequestSlot
    var context: ChannelHandlerContext?
    var remoteAddress: SocketAddress?
    var phase = Phase.idle
    var queue = CircularBuffer<Queued>()
    var isWorkingOffQueue = false
    /// Whether the channel wanted to read and was put off.
    var wantsRead = false
    var needsFlush = false
    var isQuiescing = false
    var hasDecodingFailed = false
    /// Holds immediate answers while they are put together; its memory is used again and again.
    var scratch = ByteBuffer()
    var progress: Progress
    var tick: Scheduled<Void>?

    init(parts: ServerParts, slot: RequestSlot) {
        self.parts = parts
        self.slot = slot
        self.progress = Progress(now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        remoteAddress = context.channel.remoteAddress
        parts.registry.add(NIOLoopBound(self, eventLoop: context.eventLoop), as: ObjectIdentifier(self))
        scheduleTick(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        gone()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch phase {
        case .idle, .skippingEnd, .exchanging:
            // Many answers to one read: let the socket have them before the next is put off.
            if needsFlush, !context.channel.isWritable { flushIfNeeded() }
            if mayBeTaken { take(part) } else { enqueue(.part(part)) }
        case .closing, .lingering, .closed:
            take(part)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flushIfNeeded()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            if case .exchanging(let exchange) = phase, case .streaming(let stream) = exchange.answer { stream.wakeWriter() }
            workOffQueue()
            readIfWanted()
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { inputClosed() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError: decodingFailed(error)
        // More bytes after a framing error: nobody reads them, but they show that the peer is there.
        case is ByteToMessageDecoderError: progress.lastInput = .now()
        default:
            parts.logger.debug("connection failed", metadata: ["error": "\(error)"])
            context.close(promise: nil)
        }
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { wantsRead = true }
    }

    /// Whether more bytes have a place to go to.
    private var mayRead: Bool {
        switch phase {
        case .idle, .skippingEnd: context?.channel.isWritable ?? false
        case .exchanging(let exchange): !exchange.isReceived && !(exchange.body?.isPaused ?? false)
        case .closing(let reads): reads
        case .lingering: true
        case .closed: false
        }
    }

    func readIfWanted() {
        guard wantsRead, mayRead else { return }
        wantsRead = false
        context?.read()
    }

    func flushIfNeeded() {
        guard needsFlush else { return }
        needsFlush = false
        context?.flush()
    }

    // MARK: - Ending

    /// Begins a graceful shutdown: an idle connection is closed, a busy one after the answer it is at.
    func quiesce() {
        isQuiescing = true
        switch phase {
        case .idle, .skippingEnd: closeWhenWritten()
        case .exchanging(let exchange): exchange.closes = true
        case .closing, .lingering, .closed: break
        }
    }

    func cut() {
        context?.close(promise: nil)
    }

    /// Closes after everything that was written before has gone out.
    func closeWhenWritten() {
        guard let context else { return }
        phase = .closing(reads: false)
        needsFlush = false
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in self.cut() }
    }

    /// Closes the sending side and goes on reading, so that the peer gets the answer even if it is still sending: closing with bytes
    /// unread would make the kernel send a reset, which may overtake the answer (RFC 9112 §9.6).
    func linger() {
        guard let context else { return }
        let now = NIODeadline.now()
        phase = .lingering(since: now)
        progress.lastInput = now
        context.close(mode: .output, promise: nil)
        readIfWanted()
    }

    /// The connection is gone.
    private func gone() {
        tick?.cancel()
        tick = nil
        parts.registry.remove(ObjectIdentifier(self))
        slot.finish()
        if case .exchanging(let exchange) = phase {
            phase = .closed
            exchange.body?.fail(.disconnected)
            if case .streaming(let stream) = exchange.answer { stream.fail() }
            if !exchange.isAnswered { report(exchange, wasCutOff: true) }
        }
        phase = .closed
        queue.removeAll()
    }
}

import Logging
import NIOCore
import NIOHTTP1

/// What answers requests, on its event loop: takes what a parser makes of the bytes, answers what can be answered at once, hands the rest
/// to the connection's task one request at a time, and writes the answers in order.
///
/// Over HTTP/1.1 there is one for a connection. Over HTTP/2 there is one for each stream, which sees one request; only how an answer is
/// written (`ConnectionHandler+Writing`) and how things end differ there.
final class ConnectionHandler: ChannelDuplexHandler, RegisteredConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = Never
    typealias OutboundIn = Never
    /// Over HTTP/2 frames are written, see `ConnectionHandler+Writing`.
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
    let facts: ConnectionFacts
    let requests: RequestQueue
    /// The connection that this is a stream of; nil over HTTP/1.1.
    let http2: HTTP2Connection?
    /// Whether the kernel may copy files to the socket: only if nothing stands between this and the socket.
    let copiesFilesInKernel: Bool
    var context: ChannelHandlerContext?
    var phase = Phase.idle
    var queue = CircularBuffer<Queued>()
    var isWorkingOffQueue = false
    /// Whether the channel wanted to read and was put off.
    var wantsRead = false
    var needsFlush = false
    var isQuiescing = false
    var hasDecodingFailed = false
    /// Whether the stream was ended before its time.
    var isReset = false
    /// Whether the end of an answer was written and has not gone out; a stream may be closed by then.
    var isWriting = false
    /// Holds immediate answers while they are put together; its memory is used again and again.
    var scratch = ByteBuffer()
    var progress: Progress
    var tick: Scheduled<Void>?

    init(parts: ServerParts, facts: ConnectionFacts, requests: RequestQueue, streamOf http2: HTTP2Connection? = nil) {
        self.parts = parts
        self.facts = facts
        self.requests = requests
        self.http2 = http2
        self.copiesFilesInKernel = parts.copiesFilesInKernel && !facts.isSecure
        self.progress = Progress(now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if let http2 {
            http2.add(self)
        } else {
            parts.registry.add(self, on: context.eventLoop)
            scheduleTick(context)
        }
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
            parts.logger.debug(http2 == nil ? "connection failed" : "stream ended", metadata: ["error": "\(error)"])
            cut()
        }
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { wantsRead = true }
    }

    /// Whether more bytes have a place to go to.
    private var mayRead: Bool {
        switch phase {
        case .exchanging(let exchange) where http2 == nil: !exchange.isReceived && !(exchange.body?.isPaused ?? false)
        case .idle where http2 == nil, .skippingEnd where http2 == nil: context?.channel.isWritable ?? false
        case .closing(let reads) where http2 == nil: reads
        // Behind its request a stream brings nothing but frames about its window, which must not pile up.
        case .exchanging(let exchange): !(exchange.body?.isPaused ?? false)
        case .idle, .skippingEnd, .closing, .lingering: true
        // TLS still waits for the peer to close its side.
        case .closed: facts.isSecure
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

    /// Closes at once; a stream is reset.
    func cut() {
        guard let context else { return }
        if http2 != nil {
            reset(.failed)
        } else {
            context.close(promise: nil)
            // TLS waits for the peer to close its side; whoever waits for the peer here does not.
            if facts.isSecure {
                gone()
                readIfWanted()
            }
        }
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
    ///
    /// A stream is reset without an error instead, which says the same (RFC 9113 §8.1).
    func linger() {
        guard let context else { return }
        guard http2 == nil else { return reset(.answered) }
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
        if let http2 {
            if !isWriting { http2.remove(self) }
        } else {
            parts.registry.remove(self)
            requests.finish()
        }
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

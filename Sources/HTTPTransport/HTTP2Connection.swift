import Logging
import NIOCore
import NIOHPACK
import NIOHTTP2

/// One HTTP/2 connection (RFC 9113), on its event loop: opens a handler for each stream, watches over them, and ends when it is to.
final class HTTP2Connection: ChannelInboundHandler, RegisteredConnection {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// How many streams a peer may have open at once (RFC 9113 §6.5.2 recommends at least 100).
    static let maximumStreams = 100

    /// How far the end of the connection is.
    private enum Ending {
        /// It goes on.
        case none
        /// The peer was told to open no more streams; those that were on their way then are still served until it answers `mark`.
        case announced
        /// No more streams are taken; when the last is done the connection is closed.
        case settled
        /// The last bytes are on their way.
        case closing
    }

    /// What the peer answers to once it has seen the announcement.
    private static let mark = HTTP2PingData(withInteger: 0x656E_64_6F_66_61_6C_6C)

    private let parts: ServerParts
    private let requests: RequestQueue
    private var context: ChannelHandlerContext?
    private var streams: [ObjectIdentifier: ConnectionHandler] = [:]
    private var lastStream = HTTP2StreamID.rootStream
    private var ending = Ending.none
    private var tick: Scheduled<Void>?
    /// When the connection last had a stream, or was told to end.
    private var lastBusy = NIODeadline.now()
    private var progress = Progress(now: .now())

    private init(parts: ServerParts, requests: RequestQueue) {
        self.parts = parts
        self.requests = requests
    }

    /// Makes `channel`, whose pipeline ends in plain bytes, speak HTTP/2. To be called on its event loop.
    static func add(to channel: any Channel, parts: ServerParts, facts: ConnectionFacts, requests: RequestQueue) throws {
        let connection = HTTP2Connection(parts: parts, requests: requests)
        let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
        let frames = NIOHTTP2Handler(
            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: .transport(parts.configuration),
            streamConfiguration: .transport
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let connection = bound.value
                if let id = try stream.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID) {
                    connection.lastStream = max(connection.lastStream, id)
                }
                let handler = ConnectionHandler(parts: parts, facts: facts, requests: requests, streamOf: connection)
                let decoder = HTTP2RequestDecoder(for: handler, maximumFields: parts.configuration.maximumHeaderFields)
                try stream.pipeline.syncOperations.addHandlers([decoder, handler])
            }
        }
        try channel.pipeline.syncOperations.addHandlers([frames, connection])
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        parts.registry.add(self, on: context.eventLoop)
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
        if case .ping(Self.mark, ack: true) = unwrapInboundIn(data).payload, case .announced = ending { settle() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A peer that closes its side cannot take part in the protocol any more.
        if case ChannelEvent.inputClosed = event { cut() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        parts.logger.debug("HTTP/2 error", metadata: ["error": "\(error)"])
        switch error {
        // The frames' handler wants to open the window of a connection that takes nothing more; nothing is lost.
        case is NIOHTTP2Errors.IOOnClosedConnection: break
        case _ where error.concernsOneStream: break
        default: cut()
        }
    }

    // MARK: - Streams

    func add(_ stream: ConnectionHandler) {
        streams[ObjectIdentifier(stream)] = stream
    }

    func remove(_ stream: ConnectionHandler) {
        guard streams.removeValue(forKey: ObjectIdentifier(stream)) != nil, streams.isEmpty else { return }
        lastBusy = .now()
        // Later, for this may be in the midst of a frame that is read or written.
        context?.eventLoop.assumeIsolated().execute { self.closeIfDone() }
    }

    private func closeIfDone() {
        guard streams.isEmpty else { return }
        switch ending {
        case .announced, .settled: close()
        case .none, .closing: break
        }
    }

    // MARK: - Time

    private func scheduleTick(_ context: ChannelHandlerContext) {
        tick = context.eventLoop.assumeIsolated().scheduleTask(in: parts.tickPeriod) { self.look() }
    }

    private func look() {
        guard let context else { return }
        let now = NIODeadline.now()
        let pending = context.channel.pendingBytes
        let acknowledged = pending > 0 ? context.channel.acknowledgedBytes : 0
        progress.look(now: now, pending: pending, acknowledged: acknowledged, awaitsPeer: pending > 0)
        if now - progress.lastMoved >= TimeAmount(parts.configuration.stallTimeout) {
            parts.logger.debug("peer stalled, connection closed")
            cut()
        }
        for stream in Array(streams.values) {
            stream.lookAtStream(now: now, connectionPending: pending, acknowledged: acknowledged)
        }
        if streams.isEmpty, now - lastBusy >= TimeAmount(parts.configuration.idleTimeout) {
            switch ending {
            case .none:
                lastBusy = now
                quiesce()
            // It does not even take the farewell.
            case .announced, .settled, .closing: cut()
            }
        }
        if tick != nil { scheduleTick(context) }
    }

    // MARK: - Ending

    func quiesce() {
        guard case .none = ending, let context else { return }
        if streams.isEmpty {
            close()
            return
        }
        // Streams that are on their way are still taken (RFC 9113 §6.8).
        ending = .announced
        write(.goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
        write(.ping(Self.mark, ack: false))
        context.flush()
    }

    private func settle() {
        ending = .settled
        write(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil))
        context?.flush()
    }

    /// Closes, when there are no streams and what they wrote has gone out.
    private func close() {
        guard let context else { return }
        let before = ending
        ending = .closing
        guard case .settled = before else {
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { _ in self.cut() }
            write(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil), promise: written)
            context.flush()
            return
        }
        // It was said already.
        cut()
    }

    func cut() {
        context?.close(promise: nil)
    }

    private func write(_ payload: HTTP2Frame.FramePayload, promise: EventLoopPromise<Void>? = nil) {
        context?.write(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)), promise: promise)
    }

    private func gone() {
        tick?.cancel()
        tick = nil
        parts.registry.remove(self)
        requests.finish()
    }
}

extension NIOHTTP2Handler.ConnectionConfiguration {
    static func transport(_ transport: TransportConfiguration) -> Self {
        var configuration = Self()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: HTTP2Connection.maximumStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: transport.maximumHeaderBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: NIOHTTP2Handler.StreamConfiguration.window),
        ]
        // Restored as soon as bytes are here; what bounds memory are the streams' windows.
        configuration.targetWindowSize = 8 << 20
        return configuration
    }
}

extension NIOHTTP2Handler.StreamConfiguration {
    /// How much of a body may be on its way: 1 MiB is 80 Mbit/s at 100 ms.
    static let window = 1 << 20

    static var transport: Self {
        var configuration = Self()
        configuration.targetWindowSize = window
        configuration.outboundBufferSizeHighWatermark = 256 << 10
        configuration.outboundBufferSizeLowWatermark = 64 << 10
        return configuration
    }
}

extension Error {
    /// Whether the frames' handler has dealt with the error by resetting one stream. It reports those of the connection in the same way,
    /// and after those the connection is to be closed.
    fileprivate var concernsOneStream: Bool {
        switch self {
        case is NIOHTTP2Errors.ContentLengthViolated, is NIOHTTP2Errors.ForbiddenHeaderField, is NIOHTTP2Errors.InvalidPseudoHeaders,
            is NIOHTTP2Errors.DuplicatePseudoHeader, is NIOHTTP2Errors.PseudoHeaderAfterRegularHeader,
            is NIOHTTP2Errors.UnknownPseudoHeader, is NIOHTTP2Errors.UnsupportedPseudoHeader, is NIOHTTP2Errors.EmptyPathHeader,
            is NIOHTTP2Errors.InvalidHTTP2HeaderFieldName, is NIOHTTP2Errors.InvalidHTTP2HeaderFieldValue,
            is NIOHTTP2Errors.ContentLengthHeadersMismatch, is NIOHTTP2Errors.ContentLengthHeaderNegative,
            is NIOHTTP2Errors.ContentLengthHeaderMalformedValue,
            is NIOHTTP2Errors.MissingPseudoHeader, is NIOHTTP2Errors.InvalidPseudoHeaderValue, is NIOHTTP2Errors.StreamClosed:
            true
        default:
            false
        }
    }
}

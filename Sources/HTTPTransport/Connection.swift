import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// An accepted connection, as the server's task group knows it.
struct Connection: ServerChildChannelValue {
    let channel: any Channel
    let slot: RequestSlot
    let handler: NIOLoopBound<ConnectionHandler>

    /// Answers the connection's requests, one after the other, until it is gone.
    func serve(_ handle: HTTPServer.Handler) async {
        await withTaskCancellationHandler {
            while let arrived = await slot.next() {
                let response = await handle(arrived.request, arrived.context)
                await deliver(response, to: arrived)
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func deliver(_ response: Response, to arrived: Arrived) async {
        let id = arrived.context.id
        guard case .stream(let stream) = response.body, arrived.request.head.method != .head, !response.status.forbidsBody else {
            channel.eventLoop.execute { [handler] in handler.value.respond(response, to: id) }
            return
        }
        channel.eventLoop.execute { [handler] in handler.value.openStream(response, to: id) }
        let writer = BodyWriter { [handler] buffer in
            try await withCheckedThrowingContinuation { continuation in
                handler.eventLoop.execute { handler.value.writeStream(buffer, of: id, continuation: continuation) }
            }
        }
        do {
            try await stream.produce(writer)
            channel.eventLoop.execute { [handler] in handler.value.endStream(nil, of: id) }
        } catch {
            channel.eventLoop.execute { [handler] in handler.value.endStream(error, of: id) }
        }
    }
}

/// Sets up each accepted connection. Can be wrapped as any of Hummingbird's child channels can: the codec only sees bytes.
struct ConnectionSetup: ServerChildChannel {
    let parts: ServerParts
    let handler: HTTPServer.Handler

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            configureSocket(of: channel)
            let slot = RequestSlot()
            let connection = ConnectionHandler(parts: parts, slot: slot)
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderListSize = parts.configuration.maximumHeaderBytes
            limits.maxHeaderFieldSize = parts.configuration.maximumHeaderBytes
            limits.maxHeaderFieldCount = parts.configuration.maximumHeaderFields
            do {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(GreetingFilter())
                try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
                try pipeline.addHandler(connection)
            } catch {
                channel.close(promise: nil)
                throw error
            }
            return Connection(channel: channel, slot: slot, handler: NIOLoopBound(connection, eventLoop: channel.eventLoop))
        }
    }

    func handle(value: Connection, logger: Logger) async {
        await value.serve(handler)
    }

    /// None of these is needed for correct answers, so a system that refuses one is served all the same.
    private func configureSocket(of channel: any Channel) {
        guard let options = channel.syncOptions else { return }
        let receiveBuffer = max(parts.configuration.maximumReceiveBuffer, 4096)
        try? options.setOption(.tcpOption(.tcp_nodelay), value: 1)
        try? options.setOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: min(16_384, receiveBuffer), maximum: receiveBuffer))
        // One receive at a time: it is large already, and what waits for a slow handler stays within one of them.
        try? options.setOption(.maxMessagesPerRead, value: 1)
        try? options.setOption(.writeBufferWaterMark, value: .init(low: 128 << 10, high: 512 << 10))
        if let sendBuffer = parts.configuration.sendBuffer {
            try? options.setOption(.socketOption(.so_sndbuf), value: SocketOptionValue(sendBuffer))
        }
    }
}

/// Closes a connection whose first byte begins a TLS record: an engine that tries HTTPS first falls back the sooner for it.
final class GreetingFilter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var hasSeenFirst = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !hasSeenFirst {
            hasSeenFirst = true
            let bytes = unwrapInboundIn(data)
            if bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == 0x16 {
                context.close(promise: nil)
                return
            }
        }
        context.fireChannelRead(data)
    }
}

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Sets up each accepted connection.
struct ConnectionSetup: ServerChildChannel {
    let parts: ServerParts
    let handler: HTTPServer.Handler

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            configureSocket(of: channel)
            let requests = RequestQueue()
            do {
                let pipeline = channel.pipeline.syncOperations
                if let tls = parts.configuration.tls {
                    try pipeline.addHandler(SecureDoor(tls: tls.context))
                    try pipeline.addHandler(ProtocolChoice(parts: parts, requests: requests))
                } else {
                    try pipeline.addHandler(GreetingFilter())
                    try ConnectionHandler.add(
                        to: channel, parts: parts, facts: ConnectionFacts(remoteAddress: channel.remoteAddress), requests: requests)
                }
            } catch {
                channel.close(promise: nil)
                throw error
            }
            return Connection(channel: channel, requests: requests)
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

extension ConnectionHandler {
    /// Makes `channel`, whose pipeline ends in plain bytes, speak HTTP/1.1. To be called on its event loop.
    static func add(to channel: any Channel, parts: ServerParts, facts: ConnectionFacts, requests: RequestQueue) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = parts.configuration.maximumHeaderBytes
        limits.maxHeaderFieldSize = parts.configuration.maximumHeaderBytes
        limits.maxHeaderFieldCount = parts.configuration.maximumHeaderFields
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
        try pipeline.addHandler(ConnectionHandler(parts: parts, facts: facts, requests: requests))
    }
}

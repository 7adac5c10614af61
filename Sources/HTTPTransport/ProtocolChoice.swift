import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind TLS until the handshake is over, and then makes room for the protocol that was agreed on.
final class ProtocolChoice: ChannelInboundHandler, RemovableChannelHandler, RegisteredConnection {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// How long a peer may take from its connection to the end of the handshake.
    private static let limit = Duration.seconds(10)

    private let parts: ServerParts
    private let requests: RequestQueue
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?
    private var isChosen = false

    init(parts: ServerParts, requests: RequestQueue) {
        self.parts = parts
        self.requests = requests
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        parts.registry.add(self, on: context.eventLoop)
        let limit = TimeAmount(min(Self.limit, parts.configuration.idleTimeout))
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.parts.logger.debug("no TLS handshake in time, connection closed")
            self.cut()
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

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated):
            choose(negotiated, context)
        case ChannelEvent.inputClosed:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        parts.logger.debug("TLS handshake failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    private func choose(_ negotiated: String?, _ context: ChannelHandlerContext) {
        guard !isChosen else { return }
        do {
            let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate()
            let facts = ConnectionFacts(
                remoteAddress: context.channel.remoteAddress, isSecure: true,
                clientCertificate: try certificate.map { try ClientIdentity($0) })
            switch negotiated {
            case ApplicationProtocol.http2:
                try HTTP2Connection.add(to: context.channel, parts: parts, facts: facts, requests: requests)
            default:
                try ConnectionHandler.add(to: context.channel, parts: parts, facts: facts, requests: requests)
            }
            isChosen = true
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            parts.logger.debug("TLS connection not usable", metadata: ["error": "\(error)"])
            context.close(promise: nil)
        }
    }

    // MARK: - RegisteredConnection

    func quiesce() { cut() }

    func cut() {
        context?.close(promise: nil)
    }

    private func gone() {
        deadline?.cancel()
        deadline = nil
        parts.registry.remove(self)
        if !isChosen { requests.finish() }
    }
}

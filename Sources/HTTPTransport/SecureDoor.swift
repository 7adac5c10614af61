import NIOCore
import NIOSSL

/// Stands before TLS until a connection's first byte is there, and then lets TLS in, or tells a peer that speaks plain HTTP what is wrong.
final class SecureDoor: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The same words as Go's server uses.
    private static let answer = """
        HTTP/1.0 400 Bad Request\r
        Content-Type: text/plain\r
        Content-Length: 48\r
        Connection: close\r
        \r
        Client sent an HTTP request to an HTTPS server.

        """

    private let tls: NIOSSLContext
    private var isShut = false

    init(tls: NIOSSLContext) {
        self.tls = tls
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard !isShut, let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return }
        switch first {
        case 0x16:
            do {
                let pipeline = context.pipeline.syncOperations
                try pipeline.addHandler(NIOSSLServerHandler(context: tls), position: .after(self))
                context.fireChannelRead(data)
                pipeline.removeHandler(self, promise: nil)
            } catch {
                context.close(promise: nil)
            }
        case 0x41...0x5A, 0x61...0x7A:
            isShut = true
            // Closed for sending only: what the peer still sends must not turn the answer into a reset. The handshake's time limits it.
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.answer)), promise: nil)
            context.close(mode: .output, promise: nil)
        default:
            isShut = true
            context.close(promise: nil)
        }
    }
}

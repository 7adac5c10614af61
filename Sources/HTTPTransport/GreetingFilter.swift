import NIOCore

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

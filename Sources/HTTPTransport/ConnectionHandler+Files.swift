import Glibc
import Logging
import NIOCore
import NIOPosix

extension ConnectionHandler {
    /// Whether `file` holds what it promises; if not, the request is answered with an error.
    func checkFile(_ file: FileBody, of exchange: Exchange) -> Bool {
        if file.isWhole { return true }
        parts.logger.error("file is shorter than promised", metadata: ["request": "\(exchange.id)", "path": "\(exchange.path)"])
        refuse(exchange, reason: .answerFailed)
        return false
    }

    /// Sends a file behind a head that was written, not flushed.
    func send(_ file: FileBody, of exchange: Exchange) {
        let pump = FilePump(file)
        exchange.answer = .sendingFile(pump)
        cork(true)
        if parts.copiesFilesInKernel { sendNextPiece(pump, of: exchange) } else { readNextChunk(pump, of: exchange) }
    }

    /// By sendfile: one piece at a time, so that progress is seen and a file that shrinks is noticed.
    private func sendNextPiece(_ pump: FilePump, of exchange: Exchange) {
        guard let context else { return }
        guard pump.file.isWhole else {
            abort(exchange, "file is shorter than promised")
            return
        }
        guard let piece = pump.next(atMost: FilePump.piece) else { return }
        let region = IOData.fileRegion(pump.region(offset: piece.offset, length: piece.length))
        write(region, length: piece.length, of: exchange, context) { self.sendNextPiece(pump, of: exchange) }
    }

    /// By reading on the thread pool, for channels that must see the bytes: TLS.
    private func readNextChunk(_ pump: FilePump, of exchange: Exchange) {
        guard let context, let chunk = pump.next(atMost: FilePump.chunk) else { return }
        context.flush()
        let file = pump.file
        parts.threadPool.runIfActive(eventLoop: context.eventLoop) { file.read(at: chunk.offset, length: chunk.length) }
            .assumeIsolated().whenComplete { result in
                guard case .exchanging(let current) = self.phase, current === exchange, !exchange.isReported, let context = self.context
                else { return }
                guard case .success(.some(let buffer)) = result else {
                    self.abort(exchange, "file is shorter than promised")
                    return
                }
                self.write(.byteBuffer(buffer), length: chunk.length, of: exchange, context) { self.readNextChunk(pump, of: exchange) }
            }
    }

    private func write(
        _ data: IOData, length: Int64, of exchange: Exchange, _ context: ChannelHandlerContext, then next: @escaping () -> Void
    ) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            guard case .success = result else {
                self.wentOut(exchange, wasCutOff: true)
                return
            }
            exchange.bytesOut += length
            guard case .sendingFile(let pump) = exchange.answer else { return }
            if pump.rest > 0 {
                next()
            } else {
                self.cork(false)
                self.finish(exchange, with: ByteBuffer(), bodyBytes: 0)
            }
        }
        context.writeAndFlush(wrapOutboundOut(data), promise: written)
    }

    /// Lets the kernel send full segments only while a file is on its way, and wake the peer less often for it (tcp(7), TCP_CORK).
    private func cork(_ isOn: Bool) {
        guard parts.copiesFilesInKernel, let options = context?.channel.syncOptions else { return }
        try? options.setOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_CORK)), value: isOn ? 1 : 0)
    }
}

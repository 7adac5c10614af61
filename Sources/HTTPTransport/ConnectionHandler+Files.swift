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
        if copiesFilesInKernel { sendNextPiece(pump, of: exchange) } else { readNextChunk(pump, of: exchange) }
    }

    /// By sendfile: one piece at a time, so that progress is seen and a file that shrinks is noticed.
    private func sendNextPiece(_ pump: FilePump, of exchange: Exchange) {
        guard pump.file.isWhole else {
            abort(exchange, "file is shorter than promised")
            return
        }
        guard let piece = pump.next(atMost: FilePump.piece) else { return }
        let region = IOData.fileRegion(pump.region(offset: piece.offset, length: piece.length))
        write(region, of: exchange) { self.sendNextPiece(pump, of: exchange) }
    }

    /// By reading on the thread pool, for channels that must see the bytes: TLS.
    private func readNextChunk(_ pump: FilePump, of exchange: Exchange) {
        guard let context, let chunk = pump.next(atMost: FilePump.chunk) else { return }
        context.flush()
        let file = pump.file
        parts.threadPool.runIfActive(eventLoop: context.eventLoop) { file.read(at: chunk.offset, length: chunk.length) }
            .assumeIsolated().whenComplete { result in
                guard case .exchanging(let current) = self.phase, current === exchange, !exchange.isReported else { return }
                guard case .success(.some(let buffer)) = result else {
                    self.abort(exchange, "file is shorter than promised")
                    return
                }
                self.write(.byteBuffer(buffer), of: exchange) { self.readNextChunk(pump, of: exchange) }
            }
    }

    private func write(_ data: IOData, of exchange: Exchange, then next: @escaping () -> Void) {
        guard let context else { return }
        writePiece(data, of: exchange, context).whenComplete { result in
            guard case .success = result else {
                self.wentOut(exchange, wasCutOff: true)
                return
            }
            guard case .sendingFile(let pump) = exchange.answer else { return }
            if pump.rest > 0 {
                next()
            } else {
                self.cork(false)
                self.finish(exchange)
            }
        }
        context.flush()
    }

    /// Lets the kernel send full segments only while a file is on its way, and wake the peer less often for it (tcp(7), TCP_CORK).
    private func cork(_ isOn: Bool) {
        guard copiesFilesInKernel, let options = context?.channel.syncOptions else { return }
        try? options.setOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_CORK)), value: isOn ? 1 : 0)
    }
}

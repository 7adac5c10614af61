import Logging
import NIOCore

extension ConnectionHandler {
    /// Begins an answer whose body is produced by the connection's task.
    func openStream(_ response: Response, to id: RequestID) {
        guard case .exchanging(let exchange) = phase, exchange.id == id, exchange.isAwaitingAnswer else { return }
        let framing = framing(of: response, for: exchange)
        let head = startAnswer(response, framing: framing, of: exchange)
        exchange.answer = .streaming(OutgoingStream(head: head, framing: framing))
    }

    /// Writes a part of it; `continuation` is resumed when there is room for the next.
    func writeStream(_ buffer: ByteBuffer, of id: RequestID, continuation: CheckedContinuation<Void, any Error>) {
        guard let context, case .exchanging(let exchange) = phase, exchange.id == id, case .streaming(let stream) = exchange.answer else {
            continuation.resume(throwing: ChannelError.ioOnClosedChannel)
            return
        }
        let length = Int64(buffer.readableBytes)
        if let rest = stream.rest {
            guard length <= rest else {
                abort(exchange, "the stream is longer than promised")
                continuation.resume(throwing: BodyWriterError.tooLong)
                return
            }
            stream.rest = rest - length
        }
        guard length > 0 else {
            continuation.resume()
            return
        }
        writeHead(of: stream)
        writePiece(.byteBuffer(buffer), isChunked: stream.isChunked, of: exchange, context)
        // Noted down before flushing, which may make room, or find the connection dead, at once.
        stream.wait(with: continuation)
        context.flush()
        if context.channel.isWritable { stream.wakeWriter() }
    }

    /// Ends it: after the last byte, or because the producer gave up.
    func endStream(_ error: (any Error)?, of id: RequestID) {
        guard case .exchanging(let exchange) = phase, exchange.id == id, case .streaming(let stream) = exchange.answer else { return }
        if error != nil || (stream.rest ?? 0) > 0 {
            let reason = error.map { "\($0)" } ?? "the stream is shorter than promised"
            guard stream.head != nil else {
                abort(exchange, reason)
                return
            }
            parts.logger.error("answer failed: \(reason)", metadata: ["request": "\(exchange.id)", "path": "\(exchange.path)"])
            exchange.answer = .awaited
            refuse(exchange, reason: .answerFailed)
            return
        }
        writeHead(of: stream)
        finish(exchange, isChunked: stream.isChunked)
    }

    private func writeHead(of stream: OutgoingStream) {
        guard let head = stream.head else { return }
        stream.head = nil
        write(head)
    }
}

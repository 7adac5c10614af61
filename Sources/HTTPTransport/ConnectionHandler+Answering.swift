import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

extension ConnectionHandler {
    /// Files up to this size are read rather than sent from the page cache: one system call and one packet less.
    private static let inlineFile = 16 << 10

    // MARK: - At once

    /// The synchronous path. Whether there was an answer.
    func answerImmediately(_ head: HTTPRequestHead, facts: HeadFacts, id: RequestID, start: ContinuousClock.Instant) -> Bool {
        guard let immediate = parts.immediate, let context else { return false }
        let request = ImmediateRequest(parsed: head, path: facts.target.path, method: facts.method, id: id, connection: self.facts)
        guard let answer = immediate(request) else { return false }
        guard http2 == nil else {
            answerStream(with: answer, Exchange(id: id, start: start, facts: facts))
            return true
        }

        let closes = !facts.keepsAlive || isQuiescing
        let body = facts.method == .head ? 0 : answer.body.readableBytes
        let copiesBody = body <= Self.inlineBody
        // Taken out for the while, so that its memory has one owner and no access to it needs a check.
        var buffer = scratch
        scratch = ByteBuffer()
        buffer.clear(minimumCapacity: answer.block.readableBytes + 128 + (copiesBody ? body : 0))
        buffer.writeImmutableBuffer(answer.block)
        parts.standingFields.write(into: &buffer, setsServer: answer.setsServer, setsDate: answer.setsDate)
        buffer.writeConnection(closes ? .close : facts.isVersion10 ? .keepAlive : .absent)
        buffer.writeStaticString("\r\n")
        if body > 0, copiesBody { buffer.writeImmutableBuffer(answer.body) }
        scratch = buffer

        var last = buffer
        if !copiesBody {
            context.write(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
            last = answer.body
        }
        phase = closes ? .closing(reads: false) : .skippingEnd
        needsFlush = true
        progress.lastInput = .now()
        guard closes || parts.completed != nil else {
            context.write(wrapOutboundOut(.byteBuffer(last)), promise: nil)
            return true
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            if let completed = self.parts.completed {
                var wasCutOff = false
                if case .failure = result { wasCutOff = true }
                completed(
                    CompletedRequest(
                        id: id, method: facts.method, path: facts.target.path, status: answer.status.code, label: answer.label,
                        bodyBytesIn: 0,
                        bodyBytesOut: wasCutOff ? 0 : Int64(body), duration: start.duration(to: .now),
                        remoteAddress: self.facts.remoteAddress,
                        userAgent: facts.userAgent, wasCutOff: wasCutOff))
            }
            if closes { self.cut() }
        }
        context.write(wrapOutboundOut(.byteBuffer(last)), promise: written)
        return true
    }

    /// The same over HTTP/2, where the fields are laid out anew each time: they are packed by what the peer has seen already.
    private func answerStream(with answer: ImmediateResponse, _ exchange: Exchange) {
        phase = .exchanging(exchange)
        let response = Response(status: answer.status, headers: answer.headers, body: .bytes(answer.body), label: answer.label)
        let head = startAnswer(response, framing: framing(of: response, for: exchange), of: exchange)
        finish(exchange, head: head, body: exchange.isHead ? ByteBuffer() : answer.body)
    }

    // MARK: - For the connection's task

    /// Writes the handler's answer; for a stream, `openStream` is called instead.
    func respond(_ response: Response, to id: RequestID) {
        guard case .exchanging(let exchange) = phase, exchange.id == id, exchange.isAwaitingAnswer else { return }
        write(response, for: exchange)
    }

    func write(_ response: Response, for exchange: Exchange) {
        // Of an answer that is replaced by a refusal, the label stays.
        exchange.label = exchange.label ?? response.label
        if response.status.code < 200 {
            parts.logger.error("an interim status cannot be an answer", metadata: ["request": "\(exchange.id)"])
            refuse(exchange, reason: .answerFailed)
            return
        }
        if case .file(let file) = response.body, !checkFile(file, of: exchange) { return }
        let omitsBody = exchange.isHead || response.status.forbidsBody
        let head = startAnswer(response, framing: framing(of: response, for: exchange), of: exchange)

        switch response.body {
        case .bytes(let bytes) where !omitsBody:
            finish(exchange, head: head, body: bytes)
        case .file(let file) where !omitsBody && file.length > 0:
            if file.length <= Self.inlineFile, let bytes = file.readNow() {
                finish(exchange, head: head, body: bytes)
            } else {
                write(head)
                send(file, of: exchange)
            }
        default:
            finish(exchange, head: head)
        }
    }

    /// Lays out the head and settles whether the connection closes.
    func startAnswer(_ response: Response, framing: Framing, of exchange: Exchange) -> AnswerHead {
        if isQuiescing || framing == .untilClose || !exchange.restIsSmall || response.asksToClose { exchange.closes = true }
        exchange.status = response.status.code
        exchange.label = exchange.label ?? response.label
        return layOut(response, framing: framing, of: exchange)
    }

    func framing(of response: Response, for exchange: Exchange) -> Framing {
        if response.status.forbidsBody { return .none }
        switch response.body {
        case .empty:
            if exchange.isHead, let given = response.headers[.contentLength].flatMap({ Int64($0) }), given >= 0 { return .length(given) }
            return .length(0)
        case .bytes(let bytes): return .length(Int64(bytes.readableBytes))
        case .file(let file): return .length(file.length)
        case .stream(let stream):
            if let length = stream.length { return .length(length) }
            return exchange.isHead ? .none : exchange.isVersion10 ? .untilClose : .chunked
        }
    }

    /// Writes what is left of the answer: the head, unless it was written, the rest of the body, and its end.
    func finish(_ exchange: Exchange, head: AnswerHead? = nil, body: ByteBuffer = ByteBuffer(), isChunked: Bool = false) {
        guard let context else { return }
        exchange.answer = .written
        exchange.body?.fail(.answered)
        isWriting = true
        let length = body.readableBytes
        if http2 != nil { progress.outstanding += length }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            if self.http2 != nil { self.progress.outstanding -= length }
            var wasCutOff = true
            if case .success = result {
                wasCutOff = false
                exchange.bytesOut += Int64(length)
            }
            self.wentOut(exchange, wasCutOff: wasCutOff)
        }
        writeLast(head, body, isChunked: isChunked, promise: written)
        advance()
    }

    /// The answer was handed to the socket, or never will be.
    func wentOut(_ exchange: Exchange, wasCutOff: Bool) {
        isWriting = false
        if let http2, case .closed = phase { http2.remove(self) }
        report(exchange, wasCutOff: wasCutOff)
        if wasCutOff {
            cut()
        } else {
            exchange.hasGoneOut = true
            if exchange.closes { close(after: exchange) }
        }
    }

    /// Ends the connection with this exchange, whose answer went out.
    func close(after exchange: Exchange) {
        // A stream with both sides ended is closed.
        if http2 != nil, exchange.isReceived { return }
        // With nothing unread the peer gets its answer whatever happens; else see linger().
        if exchange.isReceived, queue.isEmpty { cut() } else { linger() }
    }

    /// The answer cannot be brought to its end; the peer must not take what it has for the whole.
    func abort(_ exchange: Exchange, _ reason: String) {
        parts.logger.error("answer cut off: \(reason)", metadata: ["request": "\(exchange.id)", "path": "\(exchange.path)"])
        exchange.closes = true
        report(exchange, wasCutOff: true)
        exchange.body?.fail(.answered)
        cut()
    }

    func report(_ exchange: Exchange, wasCutOff: Bool) {
        guard !exchange.isReported else { return }
        exchange.isReported = true
        parts.completed?(
            CompletedRequest(
                id: exchange.id, method: exchange.method, path: exchange.path, status: exchange.status, label: exchange.label,
                bodyBytesIn: exchange.bytesIn,
                bodyBytesOut: exchange.bytesOut, duration: exchange.start.duration(to: .now), remoteAddress: facts.remoteAddress,
                userAgent: exchange.userAgent, wasCutOff: wasCutOff))
    }
}

extension Response {
    /// Whether the handler wants the connection closed.
    fileprivate var asksToClose: Bool {
        headers[values: .connection].contains { value in
            value.split(separator: ",").contains { ASCII.equal(ASCII.trimmed(String($0)), "close") }
        }
    }
}

import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

extension ConnectionHandler {
    /// More parts of requests than this waiting behind one that is being answered are not pipelining any more.
    private static let maximumQueue = 4096

    func take(_ part: HTTPServerRequestPart) {
        switch phase {
        case .idle:
            // Between messages the parser makes nothing but heads.
            if case .head(let head) = part { begin(head) }
        case .skippingEnd:
            if case .end = part { phase = .idle }
        case .exchanging(let exchange):
            receive(part, of: exchange)
        case .lingering:
            progress.lastInput = .now()
        case .closing, .closed:
            break
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        let id = RequestID.next()
        let start = ContinuousClock.now
        let facts: HeadFacts
        do throws(TransportRefusal.Reason) {
            facts = try HeadFacts(head, isStream: http2 != nil)
        } catch {
            let method = HTTPRequest.Method(head.method.rawValue)
            refuse(Exchange(refused: id, start: start, method: method, path: head.uri), reason: error)
            return
        }
        if !facts.hasBody, answerImmediately(head, facts: facts, id: id, start: start) { return }

        guard let context else { return }
        let exchange = Exchange(id: id, start: start, facts: facts)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        if facts.hasBody {
            exchange.body = BodyBuffer(
                id: id, connection: bound, awaitsProceed: exchange.awaitsContinue, limit: http2 == nil ? 1 << 20 : 256 << 10)
        }
        phase = .exchanging(exchange)
        progress.begin()
        let request = Request(
            head: HTTPRequest(head, facts: facts, isSecure: self.facts.isSecure),
            body: RequestBody(length: facts.length, buffer: exchange.body))
        requests.offer(
            Arrived(
                request: request, context: RequestContext(id: id, channel: context.channel, connection: self.facts, start: start),
                handler: bound, isConcurrent: http2 != nil))
    }

    private func receive(_ part: HTTPServerRequestPart, of exchange: Exchange) {
        switch part {
        case .head:
            break
        case .body(let buffer):
            exchange.bytesIn += Int64(buffer.readableBytes)
            progress.bytesIn += Int64(buffer.readableBytes)
            exchange.rest = exchange.rest.map { $0 - Int64(buffer.readableBytes) }
            // A body that comes unasked needs no asking.
            exchange.awaitsContinue = false
            if !exchange.isAnswered { exchange.body?.push(buffer) }
        case .end:
            exchange.isReceived = true
            exchange.body?.complete()
            advance()
        }
    }

    /// The handler wants the body.
    func sendContinue(for id: RequestID) {
        guard case .exchanging(let exchange) = phase, exchange.id == id, exchange.awaitsContinue, exchange.isAwaitingAnswer
        else { return }
        exchange.awaitsContinue = false
        progress.begin()
        writeContinue()
    }

    func enqueue(_ item: Queued) {
        guard queue.count < Self.maximumQueue else {
            parts.logger.debug("too many pipelined requests, connection closed")
            cut()
            return
        }
        queue.append(item)
    }

    /// Goes on to the next request once this one is over.
    func advance() {
        guard case .exchanging(let exchange) = phase, exchange.isAnswered else { return }
        if exchange.closes {
            phase = .closing(reads: !exchange.isReceived)
            // It may have been decided only after the answer, while the rest of the request was awaited.
            if exchange.hasGoneOut { close(after: exchange) }
        } else if exchange.isReceived {
            phase = .idle
            progress.lastInput = .now()
            workOffQueue()
        }
        readIfWanted()
    }

    /// Whether what comes in now has its turn: nothing waits before it, and it is not the next request while one is being answered
    /// or while the peer takes no answers.
    var mayBeTaken: Bool { queue.isEmpty && hasTurn }

    private var hasTurn: Bool {
        switch phase {
        case .idle: context?.channel.isWritable ?? false
        case .skippingEnd: true
        case .exchanging(let exchange): !exchange.isReceived
        case .closing, .lingering, .closed: false
        }
    }

    func workOffQueue() {
        // Answering may bring us back here; the outer loop goes on then.
        guard !isWorkingOffQueue, !queue.isEmpty else { return }
        isWorkingOffQueue = true
        while let item = queue.first, hasTurn {
            queue.removeFirst()
            switch item {
            case .part(let part): take(part)
            case .failure(let reason): refuseNext(reason)
            case .inputClosed: inputClosed()
            }
        }
        isWorkingOffQueue = false
        flushIfNeeded()
    }

    // MARK: - Input that ends or breaks

    /// The peer will send nothing more; it may still read.
    func inputClosed() {
        switch phase {
        case .idle where queue.isEmpty, .skippingEnd where queue.isEmpty:
            closeWhenWritten()
        case .idle, .skippingEnd:
            enqueue(.inputClosed)
        case .exchanging(let exchange) where exchange.isReceived:
            enqueue(.inputClosed)
        case .exchanging(let exchange):
            // The parser has reported the truncation already; this is for a protocol that it left.
            exchange.closes = true
            exchange.body?.fail(.disconnected)
        case .lingering:
            cut()
        case .closing, .closed:
            break
        }
    }

    func decodingFailed(_ error: HTTPParserError) {
        // The parser reports some errors twice.
        guard !hasDecodingFailed else { return }
        hasDecodingFailed = true
        let reason: TransportRefusal.Reason =
            switch error {
            case .headerOverflow: .headerTooLarge
            case .invalidVersion: .unsupportedVersion
            default: .malformed
            }
        switch phase {
        case .idle where queue.isEmpty, .skippingEnd where queue.isEmpty:
            refuseNext(reason)
        case .idle, .skippingEnd:
            enqueue(.failure(reason))
        case .exchanging(let exchange) where exchange.isReceived:
            enqueue(.failure(reason))
        case .exchanging(let exchange):
            exchange.closes = true
            exchange.body?.fail(error == .invalidEOFState ? .disconnected : .malformed)
            if exchange.isAwaitingAnswer {
                refuse(exchange, reason: reason)
            } else if exchange.isAnswered {
                linger()
            }
        case .closing, .lingering, .closed:
            break
        }
    }

    private func refuseNext(_ reason: TransportRefusal.Reason) {
        refuse(Exchange(refused: .next(), start: .now, method: nil, path: ""), reason: reason)
    }

    /// Answers in the transport's own name and closes.
    func refuse(_ exchange: Exchange, reason: TransportRefusal.Reason) {
        parts.logger.debug("request refused", metadata: ["request": "\(exchange.id)", "reason": "\(reason)"])
        exchange.closes = true
        phase = .exchanging(exchange)
        progress.begin()
        let refusal = TransportRefusal(reason: reason, id: exchange.id, path: exchange.path.isEmpty ? nil : exchange.path)
        var answer = parts.refusal(refusal)
        answer.status = refusal.status
        switch answer.body {
        case .empty, .bytes: break
        case .file, .stream: answer.body = .empty
        }
        write(answer, for: exchange)
    }
}

extension HTTPRequest {
    init(_ head: HTTPRequestHead, facts: HeadFacts, isSecure: Bool) {
        let isStream = head.version.major == 2
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers {
            guard let name = HTTPField.Name(name), name.canonicalName != "host" else { continue }
            // See HTTP2RequestDecoder.
            if isStream, name == .transferEncoding { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        self.init(
            method: facts.method, scheme: isSecure ? "https" : "http", authority: facts.target.authority, path: facts.target.path,
            headerFields: fields)
    }
}

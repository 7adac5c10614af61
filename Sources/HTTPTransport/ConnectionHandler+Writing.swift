import HTTPTypes
import NIOCore
import NIOHPACK
import NIOHTTP2

/// An answer's head, laid out for the protocol of its connection.
enum AnswerHead {
    case bytes(ByteBuffer)
    case fields(HPACKHeaders)
}

/// Why a stream is ended before its time (RFC 9113 §7).
enum StreamReset {
    /// It has its answer, and the rest of the request is not wanted.
    case answered
    /// The answer cannot be brought to its end.
    case failed
    case stalled
}

/// How an answer is written: the one place where HTTP/1.1 and HTTP/2 differ on the way out.
extension ConnectionHandler {
    /// Bodies up to this size are copied behind the head, which is cheaper than a second buffer in the write.
    static let inlineBody = 16 << 10

    func layOut(_ response: Response, framing: Framing, of exchange: Exchange) -> AnswerHead {
        guard http2 == nil else {
            return .fields(
                HPACKHeaders(status: response.status, fields: response.headers, framing: framing, standing: parts.standingFields))
        }
        var head = ByteBuffer()
        head.reserveCapacity(512)
        head.writeStatusLine(response.status)
        head.writeFields(response.headers)
        head.writeFraming(framing)
        parts.standingFields.write(
            into: &head, setsServer: response.headers.contains(.server), setsDate: response.headers.contains(.date))
        head.writeConnection(exchange.closes ? .close : exchange.isVersion10 ? .keepAlive : .absent)
        head.writeStaticString("\r\n")
        return .bytes(head)
    }

    /// Writes a head that something will follow; does not flush.
    func write(_ head: AnswerHead) {
        switch head {
        case .bytes(let bytes): context?.write(wrapOutboundOut(.byteBuffer(bytes)), promise: nil)
        case .fields(let fields): writeFrame(.headers(.init(headers: fields)), promise: nil)
        }
    }

    /// Writes a part of a body and counts it once it went out; does not flush.
    @discardableResult
    func writePiece(
        _ data: IOData, isChunked: Bool = false, of exchange: Exchange, _ context: ChannelHandlerContext
    ) -> EventLoopFuture<Void>.Isolated {
        let written = context.eventLoop.makePromise(of: Void.self)
        let length = data.readableBytes
        let outcome = written.futureResult.assumeIsolated()
        outcome.whenSuccess { exchange.bytesOut += Int64(length) }
        if http2 != nil {
            progress.outstanding += length
            outcome.whenComplete { _ in self.progress.outstanding -= length }
            writeFrame(.data(.init(data: data)), promise: written)
        } else {
            if isChunked {
                context.write(wrapOutboundOut(.byteBuffer(ByteBuffer(string: "\(String(length, radix: 16))\r\n"))), promise: nil)
            }
            context.write(wrapOutboundOut(data), promise: written)
            if isChunked { context.write(wrapOutboundOut(.byteBuffer(ByteBuffer(string: "\r\n"))), promise: nil) }
        }
        return outcome
    }

    /// Writes the end of an answer: its head, unless that was written, and what is left of the body; and flushes.
    func writeLast(_ head: AnswerHead?, _ body: ByteBuffer, isChunked: Bool, promise: EventLoopPromise<Void>) {
        switch head {
        case .fields(let fields):
            let isAll = body.readableBytes == 0
            writeFrame(.headers(.init(headers: fields, endStream: isAll)), promise: isAll ? promise : nil)
            if !isAll { writeFrame(.data(.init(data: .byteBuffer(body), endStream: true)), promise: promise) }
        case nil where http2 != nil:
            writeFrame(.data(.init(data: .byteBuffer(body), endStream: true)), promise: promise)
        case .bytes(var bytes) where body.readableBytes <= Self.inlineBody:
            bytes.writeImmutableBuffer(body)
            writeBytes(bytes, promise: promise)
        case .bytes(let bytes):
            context?.write(wrapOutboundOut(.byteBuffer(bytes)), promise: nil)
            writeBytes(body, promise: promise)
        case nil:
            writeBytes(isChunked ? ByteBuffer(string: "0\r\n\r\n") : body, promise: promise)
        }
        context?.flush()
    }

    /// Tells the peer to go on (RFC 9110 §15.2.1).
    func writeContinue() {
        if http2 != nil {
            writeFrame(.headers(.init(headers: [":status": "100"])), promise: nil)
        } else {
            context?.write(wrapOutboundOut(.byteBuffer(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))), promise: nil)
        }
        context?.flush()
    }

    /// Ends a stream without an answer, or without the rest of its request.
    func reset(_ reason: StreamReset) {
        // Writes that fail because of it must not do it again, with another reason.
        guard !isReset else { return }
        isReset = true
        switch reason {
        case .answered: writeFrame(.rstStream(.noError), promise: nil)
        case .failed: writeFrame(.rstStream(.internalError), promise: nil)
        case .stalled: writeFrame(.rstStream(.cancel), promise: nil)
        }
        context?.flush()
    }

    private func writeBytes(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>) {
        guard let context else { return promise.fail(ChannelError.ioOnClosedChannel) }
        context.write(wrapOutboundOut(.byteBuffer(bytes)), promise: promise)
    }

    private func writeFrame(_ frame: HTTP2Frame.FramePayload, promise: EventLoopPromise<Void>?) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(NIOAny(frame), promise: promise)
    }
}

extension HPACKHeaders {
    /// The head of an answer over HTTP/2: names in lower case, nothing about the connection (RFC 9113 §8.2).
    init(status: HTTPResponse.Status, fields: HTTPFields, framing: Framing, standing: StandingFields) {
        self.init()
        reserveCapacity(fields.count + 4)
        add(name: ":status", value: String(status.code))
        for field in fields {
            switch field.name.canonicalName {
            case "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade": continue
            default: add(name: field.name.canonicalName, value: field.value)
            }
        }
        if case .length(let length) = framing { add(name: "content-length", value: String(length)) }
        if let server = standing.serverName, !fields.contains(.server) { add(name: "server", value: server) }
        if let date = standing.currentDate, !fields.contains(.date) { add(name: "date", value: date) }
    }
}

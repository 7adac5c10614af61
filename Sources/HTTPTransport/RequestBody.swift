public import NIOCore

/// A request's body as it arrives: a sequence of non-empty buffers that can be gone through once, by one reader at a time.
///
/// The peer is slowed down to the reader's pace: about 2 MiB wait in memory at most. A body that does not come to its proper end
/// **throws**; it never just ends. If the peer sent `Expect: 100-continue`, it is told to go on when the first buffer is asked for, or by
/// `proceed()`: a handler that answers without either never invites the body.
///
/// A handler may answer without reading the body: what little is still to come is thrown away, and for more the connection is closed after
/// the answer.
public struct RequestBody: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer
    public typealias Failure = any Error

    /// The number of bytes that the peer announced; 0 without a body, nil if it is chunked and so not known.
    public let length: Int64?

    let buffer: BodyBuffer?

    init(length: Int64?, buffer: BodyBuffer?) {
        self.length = length
        self.buffer = buffer
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let buffer: BodyBuffer?

        /// The next buffer, or nil once the whole body was seen.
        /// - Throws: `RequestBodyError`; `CancellationError` if the task is cancelled while waiting.
        public mutating func next() async throws -> ByteBuffer? {
            try await buffer?.next()
        }
    }

    /// Goes on where an earlier iterator stopped: a body is read once.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(buffer: buffer)
    }

    /// Writes `100 Continue` if the peer waits for it (RFC 9110 §10.1.1) and nothing otherwise. Reading does it too.
    public func proceed() {
        buffer?.proceed()
    }

    /// The whole body in one buffer.
    /// - Throws: `RequestBodyError.tooLarge` as soon as more than `limit` bytes are announced or seen; else as the iterator.
    public func collect(upTo limit: Int) async throws -> ByteBuffer {
        if let length, length > Int64(limit) { throw RequestBodyError.tooLarge(limit: limit) }
        var whole = ByteBuffer()
        for try await part in self {
            guard part.readableBytes <= limit - whole.readableBytes else { throw RequestBodyError.tooLarge(limit: limit) }
            if whole.readableBytes == 0 { whole = part } else { whole.writeImmutableBuffer(part) }
        }
        return whole
    }
}

/// Why a body did not come to its end.
public enum RequestBodyError: Error, Sendable, Equatable {
    /// The peer closed the connection, or its sending side, or reset the stream, before the end; or the connection was cut by a
    /// shutdown.
    case disconnected
    /// The chunk framing was wrong. The peer has its 400 already; the handler's answer goes nowhere.
    case malformed
    /// Nothing arrived for the stall timeout.
    case stalled
    /// The body is larger than the reader wants.
    case tooLarge(limit: Int)
    /// The answer was already sent, and the rest of the body thrown away.
    case answered
}

public import NIOCore

/// A body that is produced while it is sent, for bytes that come from elsewhere.
///
/// If the producer throws, or the bytes do not come to the promised length, the connection is closed, or the stream reset, so that the
/// peer cannot take what it has for the whole, and an error is logged.
public struct StreamBody: Sendable {
    /// How many bytes there will be. nil: not known; sent chunked (or to the end of the connection for HTTP/1.0).
    public let length: Int64?

    let produce: @Sendable (BodyWriter) async throws -> Void

    /// - Parameter produce: writes the bytes and returns after the last one. Not called for HEAD requests.
    public init(length: Int64?, _ produce: @escaping @Sendable (BodyWriter) async throws -> Void) {
        self.length = length
        self.produce = produce
    }

    /// A body from a sequence of buffers; the next one is asked for when the peer has room for it.
    public init<Buffers: AsyncSequence & Sendable>(length: Int64?, _ buffers: Buffers) where Buffers.Element == ByteBuffer {
        self.init(length: length) { writer in
            for try await buffer in buffers {
                try await writer.write(buffer)
            }
        }
    }
}

/// Where a `StreamBody` writes its bytes.
public struct BodyWriter: Sendable {
    let sink: @Sendable (ByteBuffer) async throws -> Void

    /// Sends `buffer`; returns when there is room for the next one, which is what makes a slow peer slow the producer down.
    /// - Throws: `ChannelError` or an I/O error if the connection is gone; `BodyWriterError.tooLong` beyond the promised length.
    public func write(_ buffer: ByteBuffer) async throws {
        try await sink(buffer)
    }
}

public enum BodyWriterError: Error, Sendable, Equatable {
    /// The producer wrote more than it had promised; the surplus was not sent.
    case tooLong
    /// The producer ended before the promised length.
    case tooShort
}

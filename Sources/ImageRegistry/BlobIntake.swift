import ImageModel
import NIOConcurrencyHelpers
import NIOCore
import Storage

/// The one pass over a blob's bytes: written and hashed side by side, with no more in memory than a few batches.
struct BlobIntake: Sendable {
    /// Bytes of a batch; below it, handing over costs more than it brings.
    private static let batchSize = 512 << 10

    /// Bytes of the whole blob at most.
    let limit: Int64
    /// How much is expected; nil: whatever comes.
    let announced: Int64?

    /// What has come in.
    struct Received: Sendable {
        let length: Int64
        let hash: RunningHash
    }

    /// - Parameters:
    ///   - start: what was there before, of which `hash` is the sum.
    /// - Throws: ``RegistryError/blobTooLarge(limit:)``, ``RegistryError/lengthMismatch``; whatever `body` throws.
    func receive<Body: AsyncSequence & Sendable>(
        _ body: Body, after start: Int64, hash: RunningHash, into writer: any ObjectWriter
    ) async throws -> Received where Body.Element == ByteBuffer {
        let sum = NIOLockedValueBox(hash)
        let length = NIOLockedValueBox<Int64>(0)
        let interruption = NIOLockedValueBox<(any Error)?>(nil)
        try await Lanes.run(
            Batches(Interrupted(base: body, interruption: interruption), size: Self.batchSize),
            [
                { batch in
                    let total = length.withLockedValue { length in
                        length += Int64(batch.reduce(0) { $0 + $1.readableBytes })
                        return length
                    }
                    guard start + total <= limit else { throw RegistryError.blobTooLarge(limit: limit) }
                    if let announced, total > announced { throw RegistryError.lengthMismatch }
                    try await writer.write(batch)
                },
                { batch in sum.withLockedValue { sum in for piece in batch { sum.update(piece) } } },
            ])
        if let error = interruption.withLockedValue(\.self) { throw error }
        let total = length.withLockedValue(\.self)
        if let announced, total != announced { throw RegistryError.lengthMismatch }
        return Received(length: total, hash: sum.withLockedValue(\.self))
    }
}

/// A stream that ends where `base` fails, and tells of the failure apart: what had come until then is still written.
private struct Interrupted<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    typealias Element = ByteBuffer

    let base: Base
    let interruption: NIOLockedValueBox<(any Error)?>

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), interruption: interruption) }

    struct Iterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let interruption: NIOLockedValueBox<(any Error)?>

        mutating func next() async -> ByteBuffer? {
            do {
                return try await base.next()
            } catch {
                interruption.withLockedValue { $0 = error }
                return nil
            }
        }
    }
}

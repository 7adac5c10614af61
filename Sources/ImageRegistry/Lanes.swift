import AsyncAlgorithms
import NIOCore

/// Several consumers of one stream, each in a task of its own and at its own pace, within bounds.
enum Lanes {
    /// Batches that wait for a lane beside the one in work; with two, three equal lanes keep two cores busy.
    private static let depth = 2

    /// Sends every batch down every lane, and returns when all are through.
    ///
    /// - Throws: what `batches` or a lane throws first; the others are cancelled then.
    static func run<Batches: AsyncSequence & Sendable>(
        _ batches: Batches, _ lanes: [@Sendable (Batches.Element) async throws -> Void]
    ) async throws where Batches.Element: Sendable {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let channels = lanes.map { _ in AsyncChannel<Batches.Element>() }
            for (lane, channel) in zip(lanes, channels) {
                group.addTask { for await batch in channel.buffer(policy: .bounded(depth)) { try await lane(batch) } }
            }
            group.addTask {
                for try await batch in batches {
                    for channel in channels { await channel.send(batch) }
                }
                // Only a stream that has come to its end ends the lanes: after a failure they are cancelled.
                for channel in channels { channel.finish() }
            }
            // The first failure leaves the group, which cancels the rest.
            while try await group.next() != nil {}
        }
    }
}

/// A stream of buffers, gathered to batches of at least `size` bytes but for the last.
struct Batches<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    typealias Element = [ByteBuffer]

    let base: Base
    let size: Int

    init(_ base: Base, size: Int) {
        self.base = base
        self.size = size
    }

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), size: size) }

    struct Iterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let size: Int

        mutating func next() async throws -> [ByteBuffer]? {
            var batch: [ByteBuffer] = []
            var length = 0
            while length < size, let piece = try await base.next() {
                batch.append(piece)
                length += piece.readableBytes
            }
            return batch.isEmpty ? nil : batch
        }
    }
}

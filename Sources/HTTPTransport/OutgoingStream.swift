import NIOCore

/// An answer's body while somebody produces it, on the connection's event loop.
final class OutgoingStream {
    /// The head, until it goes out with the first bytes: a producer that fails at once can then still be answered with an error.
    var head: AnswerHead?
    let isChunked: Bool
    /// How many bytes are still to come; nil if nobody said.
    var rest: Int64?
    private var waiting: [CheckedContinuation<Void, any Error>] = []

    init(head: AnswerHead, framing: Framing) {
        self.head = head
        self.isChunked = framing == .chunked
        if case .length(let length) = framing { self.rest = length }
    }

    /// The producer goes on when the channel can take more.
    func wait(with continuation: CheckedContinuation<Void, any Error>) {
        waiting.append(continuation)
    }

    func wakeWriter() {
        let woken = waiting
        waiting = []
        woken.forEach { $0.resume() }
    }

    func fail() {
        let woken = waiting
        waiting = []
        woken.forEach { $0.resume(throwing: ChannelError.ioOnClosedChannel) }
    }
}

import NIOCore
import Synchronization

/// Where a request's body waits between the event loop, which fills it, and the handler, which empties it.
///
/// Reading from the socket, or the stream, stops above the limit and goes on below a quarter of it. What waits is at most the limit and one
/// receive buffer, or a stream's window, for the peer is not read from while it is full.
final class BodyBuffer: Sendable {
    private enum End: Equatable {
        case complete
        case failed(RequestBodyError)
    }

    private struct State {
        var buffers = CircularBuffer<ByteBuffer>()
        var bytes = 0
        var end: End?
        var isPaused = false
        /// Whether the peer waits for `100 Continue`, as far as the reader knows.
        var awaitsProceed: Bool
        var reader: CheckedContinuation<ByteBuffer?, any Error>?
    }

    private let state: Mutex<State>
    private let connection: NIOLoopBound<ConnectionHandler>
    private let id: RequestID
    private let limit: Int

    /// - Parameter limit: how many bytes may wait before reading stops.
    init(id: RequestID, connection: NIOLoopBound<ConnectionHandler>, awaitsProceed: Bool, limit: Int) {
        self.id = id
        self.limit = limit
        self.connection = connection
        self.state = Mutex(State(awaitsProceed: awaitsProceed))
    }

    // MARK: - The reader's side

    func next() async throws -> ByteBuffer? {
        proceed()
        if let step = try state.withLock({ try take(&$0) }) {
            if step.resumes { resumeReading() }
            return step.buffer
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(with: continuation)
            }
        } onCancel: {
            takeReader()?.resume(throwing: CancellationError())
        }
    }

    func proceed() {
        let asks = state.withLock { state in
            defer { state.awaitsProceed = false }
            return state.awaitsProceed
        }
        guard asks else { return }
        connection.eventLoop.execute { [connection, id] in connection.value.sendContinue(for: id) }
    }

    private struct Step {
        var buffer: ByteBuffer?
        var resumes = false
    }

    /// What can be had without waiting: a buffer, the end (a step without a buffer) or its failure; nil if there is nothing yet.
    private func take(_ state: inout State) throws -> Step? {
        if let buffer = state.buffers.popFirst() {
            state.bytes -= buffer.readableBytes
            let resumes = state.isPaused && state.bytes <= limit / 4
            if resumes { state.isPaused = false }
            return Step(buffer: buffer, resumes: resumes)
        }
        switch state.end {
        case nil: return nil
        case .complete: return Step()
        case .failed(let error): throw error
        }
    }

    private func wait(with continuation: CheckedContinuation<ByteBuffer?, any Error>) {
        let step: Result<Step, any Error>? = state.withLock { state in
            do {
                if let step = try take(&state) { return .success(step) }
            } catch {
                return .failure(error)
            }
            // One reader at a time is the contract; of two, the second is turned away rather than the first forgotten.
            if state.reader != nil { return .failure(RequestBodyError.answered) }
            // A cancellation that came before the reader was noted down found nobody to wake.
            if Task.isCancelled { return .failure(CancellationError()) }
            state.reader = continuation
            return nil
        }
        switch step {
        case nil: break
        case .success(let step):
            if step.resumes { resumeReading() }
            continuation.resume(returning: step.buffer)
        case .failure(let error):
            continuation.resume(throwing: error)
        }
    }

    private func takeReader() -> CheckedContinuation<ByteBuffer?, any Error>? {
        state.withLock { state in
            defer { state.reader = nil }
            return state.reader
        }
    }

    private func resumeReading() {
        connection.eventLoop.execute { [connection] in connection.value.readIfWanted() }
    }

    // MARK: - The event loop's side

    /// Whether reading from the socket is to stop.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// How much waits for the reader.
    var waitingBytes: Int { state.withLock { $0.bytes } }

    func push(_ buffer: ByteBuffer) {
        let reader: CheckedContinuation<ByteBuffer?, any Error>? = state.withLock { state in
            guard state.end == nil, buffer.readableBytes > 0 else { return nil }
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            state.buffers.append(buffer)
            state.bytes += buffer.readableBytes
            if state.bytes >= limit { state.isPaused = true }
            return nil
        }
        reader?.resume(returning: buffer)
    }

    /// The body came to its proper end.
    func complete() {
        let reader = state.withLock { state in
            if state.end == nil { state.end = .complete }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// There will be no more, and what is there is worth nothing. A body that is complete stays so, whatever happens to the connection,
    /// until the request is answered.
    func fail(_ error: RequestBodyError) {
        let reader: CheckedContinuation<ByteBuffer?, any Error>? = state.withLock { state in
            guard state.end == nil || (state.end == .complete && error == .answered) else { return nil }
            state.end = .failed(error)
            state.buffers.removeAll()
            state.bytes = 0
            state.isPaused = false
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(throwing: error)
    }
}

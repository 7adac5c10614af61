import HTTPTypes
import NIOCore

/// One request and its answer, on the connection's event loop.
final class Exchange {
    /// How far the answer is.
    enum Answer {
        case awaited
        case streaming(OutgoingStream)
        case sendingFile(FilePump)
        /// Everything was given to the channel, which may still have to write it.
        case written
    }

    let id: RequestID
    let start: ContinuousClock.Instant
    /// nil if the head could not be parsed.
    let method: HTTPRequest.Method?
    let path: String
    let userAgent: String?
    let isVersion10: Bool

    /// Whether all of the request was received.
    var isReceived: Bool
    /// How much of a body of announced length is to come; nil if it is chunked.
    var rest: Int64?
    var body: BodyBuffer?
    /// Whether the peer waits for `100 Continue` and was not told to go on.
    var awaitsContinue: Bool

    var answer = Answer.awaited
    /// Whether the connection ends with this answer.
    var closes: Bool
    var status = 0
    var label: String?
    var bytesIn: Int64 = 0
    var bytesOut: Int64 = 0
    var isReported = false
    /// Whether the answer's last byte was handed to the socket.
    var hasGoneOut = false

    init(id: RequestID, start: ContinuousClock.Instant, facts: HeadFacts) {
        self.id = id
        self.start = start
        self.method = facts.method
        self.path = facts.target.path
        self.userAgent = facts.userAgent
        self.isVersion10 = facts.isVersion10
        self.isReceived = false
        self.rest = facts.length
        self.awaitsContinue = facts.expectsContinue && facts.hasBody
        self.closes = !facts.keepsAlive
    }

    /// A request that is refused before its head was understood, or with it.
    init(refused id: RequestID, start: ContinuousClock.Instant, method: HTTPRequest.Method?, path: String) {
        self.id = id
        self.start = start
        self.method = method
        self.path = path
        self.userAgent = nil
        self.isVersion10 = false
        self.isReceived = false
        self.rest = nil
        self.awaitsContinue = false
        self.closes = true
    }

    var isHead: Bool { method == .head }

    var isAwaitingAnswer: Bool {
        if case .awaited = answer { true } else { false }
    }

    var isAnswered: Bool {
        if case .written = answer { true } else { false }
    }

    /// Whether what is still to come of the request is little enough to be thrown away, so that the connection can go on.
    var restIsSmall: Bool {
        if isReceived { return true }
        guard let rest, !awaitsContinue else { return false }
        return rest <= 64 << 10
    }
}

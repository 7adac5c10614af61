public import HTTPTypes
import NIOCore

/// A request that the transport itself answers, without a handler or in its place. The connection is closed after the answer.
public struct TransportRefusal: Sendable {
    public enum Reason: Error, Sendable, Equatable {
        /// The bytes are no HTTP/1.x, or leave open where a message ends (RFC 9112 §6.3, §11.2): 400.
        case malformed
        /// HTTP/1.1 without exactly one valid `Host` field (RFC 9112 §3.2): 400.
        case invalidHost
        /// A request target that is neither origin-form nor an `http(s)` absolute-form nor `OPTIONS *`: 400.
        case invalidTarget
        /// Target and fields exceed the limits of `TransportConfiguration`: 431.
        case headerTooLarge
        /// A transfer coding other than `chunked`: 501.
        case unsupportedTransferCoding
        /// Neither HTTP/1.0 nor HTTP/1.1: 505.
        case unsupportedVersion
        /// An expectation other than `100-continue`: 417.
        case unsupportedExpectation
        /// The handler's answer broke before its first byte was sent: a file shorter than promised, a stream that failed at once: 500.
        case answerFailed
    }

    public let reason: Reason
    /// As in the access log.
    public let id: RequestID
    /// The target, if it was understood: a server with several dialects may want to answer in the right one.
    public let path: String?

    init(reason: Reason, id: RequestID, path: String?) {
        self.reason = reason
        self.id = id
        self.path = path
    }

    /// The status that is sent.
    public var status: HTTPResponse.Status {
        switch reason {
        case .malformed, .invalidHost, .invalidTarget: .badRequest
        case .headerTooLarge: .requestHeaderFieldsTooLarge
        case .unsupportedTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        case .unsupportedExpectation: .expectationFailed
        case .answerFailed: .internalServerError
        }
    }

    /// A few words for the peer, without anything that the peer sent.
    public var message: String {
        switch reason {
        case .malformed: "malformed request"
        case .invalidHost: "missing or invalid Host header"
        case .invalidTarget: "invalid request target"
        case .headerTooLarge: "request header too large"
        case .unsupportedTransferCoding: "unsupported transfer coding"
        case .unsupportedVersion: "unsupported HTTP version"
        case .unsupportedExpectation: "unsupported expectation"
        case .answerFailed: "internal server error"
        }
    }

    /// What is sent unless the server is given something else: `{"error": "malformed request"}` and the like.
    public static let defaultAnswer: @Sendable (TransportRefusal) -> Response = { refusal in
        Response(
            status: refusal.status,
            headers: [.contentType: "application/json"],
            body: .bytes(ByteBuffer(string: "{\"error\": \"\(refusal.message)\"}")))
    }
}

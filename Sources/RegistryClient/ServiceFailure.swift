import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why a service gave no answer that can be used.
public enum ServiceFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// No connection; what the system says.
    case connection(String)
    /// The certificate or the handshake is no good.
    case tls(String)
    case timedOut
    /// The connection ended before the answer did.
    case cutOff
    /// More bytes than are read.
    case tooLarge(limit: Int)
    /// A status that the question does not have; redirects are among these, for they are not followed.
    case status(Int)
    /// No HTTP, or a body that is not what the status promises.
    case malformed
    case other(String)

    public var description: String {
        switch self {
        case .connection(let reason): "no connection: \(reason)"
        case .tls(let reason): "TLS failed: \(reason)"
        case .timedOut: "no answer in time"
        case .cutOff: "the connection was closed before the answer was complete"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .status(let code): "unexpected status \(code)"
        case .malformed: "the answer cannot be read"
        case .other(let reason): reason
        }
    }

    /// What a client's error means, in words for a log.
    init(_ error: any Error) {
        switch error {
        case let failure as ServiceFailure: self = failure
        case let error as HTTPClientError where Self.timeouts.contains(error): self = .timedOut
        case let error as HTTPClientError where error == .remoteConnectionClosed: self = .cutOff
        case let error as HTTPClientError: self = .other(error.shortDescription)
        case is CancellationError: self = .other("cancelled")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: self = .tls(Self.tlsReason("\(error)"))
        case let error as NIOConnectionError: self = .connection(Self.reason(error))
        case let error as IOError: self = .connection(Self.text(error))
        case HTTPParserError.invalidEOFState, is ChannelError: self = .cutOff
        case is HTTPParserError: self = .malformed
        default: self = .other("\(error)")
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
    ]

    /// The reason of the last address that was tried, or of the name that none was found for.
    private static func reason(_ error: NIOConnectionError) -> String {
        if let last = error.connectionErrors.last?.error { return (last as? IOError).map(text) ?? "\(last)" }
        return "the name \(error.host) has no address"
    }

    private static func text(_ error: IOError) -> String { String(cString: strerror(error.errnoCode)) }

    /// What the library calls the error, out of a text that also says where in its sources it was found: `CERTIFICATE_VERIFY_FAILED`.
    private static func tlsReason(_ text: String) -> String {
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return String(text.prefix { $0 != "(" }) }
        return String(text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }
}

import HTTPTypes
import NIOHTTP1

/// What the transport itself needs of a head, read in one pass over its fields; a head that leaves any of it in doubt is refused.
///
/// The parser has already refused what is no HTTP: bytes that may not stand in a field, bare CR and LF, folded lines, `Content-Length`
/// twice or together with `Transfer-Encoding`. What is checked here is what it lets pass.
struct HeadFacts {
    /// The target in origin form, and what stands for `Host`.
    var target = RequestTarget(path: "")
    var method = HTTPRequest.Method.get
    var userAgent: String?
    /// The announced length; 0 without a body, nil if chunked.
    var length: Int64? = 0
    var expectsContinue = false
    /// Whether the connection may serve another request after this one.
    var keepsAlive: Bool
    /// HTTP/1.0 is told that the connection stays open, and gets no chunks.
    let isVersion10: Bool

    var hasBody: Bool { length != 0 }

    /// - Parameter isStream: whether the head came over HTTP/2; in the bytes of HTTP/1 no other version may stand.
    init(_ head: HTTPRequestHead, isStream: Bool) throws(TransportRefusal.Reason) {
        switch (head.version.major, head.version.minor) {
        case (1, 1): isVersion10 = false
        case (1, 0): isVersion10 = true
        case (2, 0) where isStream: isVersion10 = false
        default: throw .unsupportedVersion
        }
        keepsAlive = isStream || head.isKeepAlive
        method = try Self.method(head.method)

        var host: String?
        var contentLength: String?
        var transferEncoding: String?
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where ASCII.equal(name, "host"):
                guard host == nil else { throw .invalidHost }
                host = value
            case 6 where ASCII.equal(name, "expect"):
                guard ASCII.equal(ASCII.trimmed(value), "100-continue") else { throw .unsupportedExpectation }
                expectsContinue = !isVersion10
            case 7 where ASCII.equal(name, "upgrade"):
                // The parser stops after a request that asks for another protocol; it is answered in this one, as the last.
                keepsAlive = false
            case 10 where ASCII.equal(name, "user-agent"):
                userAgent = value
            case 14 where ASCII.equal(name, "content-length"):
                guard contentLength == nil else { throw .malformed }
                contentLength = value
            case 17 where ASCII.equal(name, "transfer-encoding"):
                guard transferEncoding == nil else { throw .malformed }
                transferEncoding = value
            default:
                break
            }
        }
        target = try RequestTarget(head.uri, method: method, host: host, requiresHost: !isVersion10)
        length = try Self.length(contentLength: contentLength, transferEncoding: transferEncoding, isVersion10: isVersion10)
    }

    /// The length of the body by RFC 9112 §6.3, strictly.
    private static func length(
        contentLength: String?, transferEncoding: String?, isVersion10: Bool
    ) throws(TransportRefusal.Reason) -> Int64? {
        if let transferEncoding {
            guard contentLength == nil, !isVersion10 else { throw .malformed }
            guard ASCII.equal(ASCII.trimmed(transferEncoding), "chunked") else { throw .unsupportedTransferCoding }
            return nil
        }
        guard let contentLength else { return 0 }
        let digits = ASCII.trimmed(contentLength)
        guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let length = Int64(digits) else { throw .malformed }
        return length
    }

    private static func method(_ method: HTTPMethod) throws(TransportRefusal.Reason) -> HTTPRequest.Method {
        switch method {
        case .GET: return .get
        case .HEAD: return .head
        case .PUT: return .put
        case .POST: return .post
        case .PATCH: return .patch
        case .DELETE: return .delete
        case .OPTIONS: return .options
        default:
            guard let other = HTTPRequest.Method(method.rawValue) else { throw .malformed }
            return other
        }
    }
}

public import HTTPTypes
public import NIOCore
import NIOHTTP1

/// The head of a request that has no body, for the synchronous path: a thin view of what the parser made, so that asking costs next to
/// nothing.
public struct ImmediateRequest: Sendable {
    let parsed: HTTPRequestHead
    /// The target in origin form with its query, byte for byte as sent.
    public let path: String
    /// The method.
    public let method: HTTPRequest.Method
    /// As in `RequestContext`.
    public let id: RequestID
    /// What is known about the connection.
    public let connection: ConnectionFacts
    /// As in `connection`.
    public var remoteAddress: SocketAddress? { connection.remoteAddress }

    init(parsed: HTTPRequestHead, path: String, method: HTTPRequest.Method, id: RequestID, connection: ConnectionFacts) {
        self.parsed = parsed
        self.path = path
        self.method = method
        self.id = id
        self.connection = connection
    }

    /// The value of the field; several of one name are joined by ", " as RFC 9110 §5.3 has it, which is what `HTTPFields` gives too.
    public subscript(name: HTTPField.Name) -> String? {
        var found: String?
        let wanted = name.canonicalName.utf8
        for (candidate, value) in parsed.headers where candidate.utf8.count == wanted.count {
            guard zip(candidate.utf8, wanted).allSatisfy({ ASCII.lowercased($0) == $1 }) else { continue }
            found = found.map { "\($0), \(value)" } ?? value
        }
        return found
    }
}

/// An answer that is laid out once and sent many times, from the event loop. Holds header block and body as they go over HTTP/1.1.
///
/// HEAD is answered with the same fields and no body; `Connection`, `Date` and `Server` are added as each request needs.
public struct ImmediateResponse: Sendable {
    /// The status.
    public let status: HTTPResponse.Status
    /// As in `Response`.
    public let label: String?

    /// The fields as given, for HTTP/2.
    let headers: HTTPFields
    /// Status line and fields, without the empty line that ends them.
    let block: ByteBuffer
    let body: ByteBuffer
    let setsDate: Bool
    let setsServer: Bool

    /// Lays out an answer. The same rules as for `Response`: `Content-Length` is the body's, 204 and 304 have none.
    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer(), label: String? = nil) {
        let bodiless = status.forbidsBody
        var block = ByteBuffer()
        block.writeStatusLine(status)
        block.writeFields(headers)
        if !bodiless { block.writeFraming(.length(Int64(body.readableBytes))) }
        self.status = status
        self.label = label
        self.headers = headers
        self.block = block
        self.body = bodiless ? ByteBuffer() : body
        self.setsDate = headers.contains(.date)
        self.setsServer = headers.contains(.server)
    }
}

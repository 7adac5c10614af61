import HTTPTransport
import HTTPTypes
import ImageRegistry
import RegistryWire
import Storage

/// A request of whatever dialect, with what was found out about it before it was understood.
struct Incoming: Sendable {
    let request: Request
    let target: String
    let id: RequestID
    let origin: RequestOrigin
    /// The name in the certificate that the client showed.
    let certificate: String?
    /// Taken before anything is read.
    let basis: AnswerCache.Basis?

    init(_ request: Request, _ context: RequestContext, origin: RequestOrigin, basis: AnswerCache.Basis?) {
        self.request = request
        target = request.head.path ?? "/"
        id = context.id
        self.origin = origin
        certificate = context.connection.clientCertificate?.commonName
        self.basis = basis
    }

    var headers: HTTPFields { request.head.headerFields }

    /// - Throws: ``DistributionRefusal/query``.
    func query() throws -> RequestQuery {
        guard let query = RequestQuery(of: target) else { throw DistributionRefusal.query }
        return query
    }

    /// `scheme://host` by which the client reaches the server, from the configuration or else from what can be trusted of the request.
    func baseURL(_ configuration: ServerConfiguration) -> String {
        configuration.externalURL ?? "\(origin.isSecure ? "https" : "http")://\(origin.host ?? "localhost")"
    }
}

// MARK: - Answers that are kept

extension Incoming {
    /// Whether an answer could serve another request of this kind.
    var mayBeKept: Bool {
        [.get, .head].contains(request.head.method) && !target.contains("?") && headers[.ifNoneMatch] == nil
            && headers[.ifModifiedSince] == nil
    }

    var key: AnswerCache.Key {
        AnswerCache.Key(
            path: target, authorization: headers[.authorization], accept: headers[.accept], userAgent: headers[.userAgent])
    }
}

// MARK: - What never changes

extension Incoming {
    private static let keptSeconds = 31_536_000

    /// Who may keep an answer. One that was asked for with credentials could mean another thing to the next caller.
    func audience(isPrivate: Bool) -> String { isPrivate || headers[.authorization] != nil ? "private" : "public" }

    /// `Cache-Control` of bytes that are named by their content.
    func immutability(isPrivate: Bool) -> String { "\(audience(isPrivate: isPrivate)), max-age=\(Self.keptSeconds)" }

    /// Whether the client has the bytes with this tag already (RFC 9110 §13.1.2); nil: it does not say.
    func matches(_ tag: String) -> Bool? {
        headers[.ifNoneMatch].map { given in
            given.split(separator: ",").contains { candidate in
                let text = candidate.drop { $0 == " " }
                let strong = text.hasPrefix("W/") ? text.dropFirst(2) : text
                return strong.prefix { $0 != " " } == "\"\(tag)\"" || strong == "*"
            }
        }
    }

    func holds(_ tag: String) -> Bool { matches(tag) ?? false }

    /// The part of an object that the request asks for: status, fields and bytes.
    ///
    /// `Range` counts with GET only, and unless `If-Range` names other bytes (RFC 9110 §13.1.5, 14.2).
    func part(of object: StoredObject, tag: String) -> (status: HTTPResponse.Status, fields: HTTPFields, body: Response.Body) {
        var range = request.head.method == .get ? headers[.range] : nil
        if let condition = headers[.ifRange], condition != "\"\(tag)\"" { range = nil }
        switch ByteRange(range, size: object.size) {
        case .whole: return (.ok, [:], Self.body(of: object, 0..<object.size))
        case .part(let part):
            let field = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(object.size)"
            return (.partialContent, [.contentRange: field], Self.body(of: object, part))
        case .unsatisfiable: return (.rangeNotSatisfiable, [.contentRange: "bytes */\(object.size)"], .empty)
        }
    }

    private static func body(of object: StoredObject, _ range: Range<Int64>) -> Response.Body {
        let length = Int64(range.count)
        if let file = object.file {
            return .file(FileBody(descriptor: file.descriptor, keptOpenBy: file, offset: range.lowerBound, length: length))
        }
        return .stream(
            StreamBody(length: length) { writer in
                for try await piece in object.bytes(in: range) { try await writer.write(piece) }
            })
    }
}

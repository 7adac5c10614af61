import HTTPTransport
import HTTPTypes
import NIOCore
import RegistryWire

/// How answers of the Distribution dialect look.
enum DistributionAnswers {
    static let version = "registry/2.0"

    static let fields: HTTPFields = [
        .contentType: "application/json", .dockerDistributionAPIVersion: version, .cacheControl: "no-cache",
        .xContentTypeOptions: "nosniff",
    ]

    /// The answer to whatever is asked of a server that does not speak this dialect. Engines take a JSON error under `/v2/` for a registry
    /// that does, retry, or crash; plain text sends them to v1 (v1.md §4.1).
    static let absent = Response(
        status: .notFound, headers: [.contentType: "text/plain; charset=utf-8"], body: .bytes(ByteBuffer(string: "404 page not found\n")))
}

extension DistributionExchange {
    func ping() -> Response { reply(ByteBuffer(string: "{}")) }

    /// - Parameter json: JSON text.
    func reply(json: [UInt8], adding more: HTTPFields = [:]) -> Response { reply(ByteBuffer(bytes: json), adding: more) }

    func reply(_ body: ByteBuffer, status: HTTPResponse.Status = .ok, adding more: HTTPFields = [:]) -> Response {
        Response(status: status, headers: fields(adding: more), body: .bytes(body))
    }

    /// An answer without a body.
    func reply(status: HTTPResponse.Status, adding more: HTTPFields = [:]) -> Response {
        var fields = fields(adding: more)
        if more[.contentType] == nil { fields[.contentType] = nil }
        return Response(status: status, headers: fields, body: .empty)
    }

    /// The fields of every answer, with `more`, which replace those of the same name. Engine 1.5.0 must not learn that this is a registry of
    /// version 2: its pushes there end in an error, while those to version 1 work. Its ping looks like that of any program in Go, and none of
    /// the others needs the field (v1.md §4.1).
    func fields(adding more: HTTPFields) -> HTTPFields {
        var fields = DistributionAnswers.fields.merging(more)
        if isPingOfBareGo { fields[.dockerDistributionAPIVersion] = nil }
        return fields
    }

    var isPingOfBareGo: Bool {
        ["/v2/", "/v2"].contains(incoming.target.prefix { $0 != "?" }) && ClientAgent(userAgent: headers[.userAgent]).isBareGo
    }

    /// Relative, because a proxy in front may be called what it likes; but engines 1.6 and 1.7 follow only absolute ones (v1.md §4.1).
    func location(of route: DistributionRoute) -> String {
        guard ClientAgent(userAgent: headers[.userAgent]).needsAbsoluteLocation else { return route.path }
        return "\(incoming.baseURL(configuration))\(route.path)"
    }
}

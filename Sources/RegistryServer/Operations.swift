import HTTPTransport
import HTTPTypes
import ImageRegistry
import Logging
import NIOCore
import RegistryMetrics
import RegistryWire

/// What those who run the server ask of it.
extension Server {
    func answer(_ route: OperationsRoute, to request: Request, from origin: RequestOrigin) async -> Response {
        guard ["GET", "HEAD"].contains(request.head.method.rawValue) else {
            return Self.plain("only GET\n", status: .methodNotAllowed, adding: [.allow: "GET, HEAD"])
        }
        switch route {
        case .live: return Self.plain("ok\n")
        case .ready: return await ready()
        case .metrics:
            guard configuration.metricsFrom.contains(where: { $0.contains(origin.client) }) else {
                return Self.plain("metrics are not shown to this address\n", status: .forbidden)
            }
            return Response(
                status: .ok, headers: [.contentType: MetricsRegistry.contentType, .cacheControl: "no-store"],
                body: .bytes(ByteBuffer(bytes: metrics.text())))
        }
    }

    /// Whether catalog and store answer: what tells a load balancer to send requests here. Why not stands in the log.
    private func ready() async -> Response {
        let failures = await registry.failures()
        if failures.isEmpty { return Self.plain("ready\n") }
        for (part, reason) in failures { logger.warning("not ready", metadata: ["part": "\(part.rawValue)", "reason": "\(reason)"]) }
        return Self.plain(
            "not ready: \(failures.keys.map(\.rawValue).sorted().joined(separator: ", "))\n", status: .serviceUnavailable)
    }

    private static func plain(_ text: String, status: HTTPResponse.Status = .ok, adding more: HTTPFields = [:]) -> Response {
        let fields: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        return Response(status: status, headers: fields.merging(more), body: .bytes(ByteBuffer(string: text)))
    }
}

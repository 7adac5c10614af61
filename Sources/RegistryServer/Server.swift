public import HTTPTransport
import HTTPTypes
public import ImageRegistry
public import Logging
import NIOCore
import RegistryWire

/// Answers requests: path → route → answer, or error → answer, in that order, in one function.
public struct Server: Sendable {
    let registry: Registry
    let configuration: ServerConfiguration
    let logger: Logger
    let answers: AnswerCache

    public init(registry: Registry, configuration: ServerConfiguration, logger: Logger) {
        self.registry = registry
        self.configuration = configuration
        self.logger = logger
        self.answers = AnswerCache(registry: registry, configuration: configuration)
    }

    /// The answer to any request. Failures that are nobody's refusal show nothing inward and are logged once, with the request's id.
    public func respond(to request: Request, context: RequestContext) async -> Response {
        let target = request.head.path ?? "/"
        if Self.isDistribution(target) { return Self.noDistribution }
        let exchange = V1Exchange(request: request, target: target, id: context.id, server: self)
        do {
            return try await exchange.answer()
        } catch {
            return exchange.answer(to: error)
        }
    }

    /// The answer to what the transport has turned down before it was a request.
    public func refuse(_ refusal: TransportRefusal) -> Response {
        if let path = refusal.path, Self.isDistribution(path) {
            return Response(
                status: refusal.status, headers: [.contentType: "text/plain; charset=utf-8"],
                body: .bytes(ByteBuffer(string: "\(refusal.message)\n")))
        }
        return Response(
            status: refusal.status, headers: V1Answers.fields(configuration), body: .bytes(V1Answers.error(refusal.message)))
    }

    /// An answer that can be given on the event loop, or nil.
    public func immediate(_ request: ImmediateRequest) -> ImmediateResponse? {
        answers.answer(to: request)
    }

    /// Engines take a JSON error under `/v2/` for a registry that speaks v2, retry, or crash; plain text sends them to v1 (v1.md §4.1).
    private static func isDistribution(_ target: String) -> Bool {
        target == "/v2" || target.hasPrefix("/v2/") || target.hasPrefix("/v2?")
    }

    private static let noDistribution = Response(
        status: .notFound, headers: [.contentType: "text/plain; charset=utf-8"], body: .bytes(ByteBuffer(string: "404 page not found\n")))
}

import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import NIOCore
import RegistryWire

/// One request of the v1 protocol and what its handlers need to answer it.
struct V1Exchange: Sendable {
    let request: Request
    let target: String
    let id: RequestID
    let server: Server

    var registry: Registry { server.registry }
    var configuration: ServerConfiguration { server.configuration }
    var headers: HTTPFields { request.head.headerFields }

    func answer() async throws -> Response {
        guard let path = RequestPath(target) else { throw V1Refusal.path(.path) }
        switch V1Route.look(up: Method(request.head.method.rawValue), path) {
        case .found(.images(let route)): return try await answer(route)
        case .found(.index(let route)): return try await answer(route)
        case .methodNotAllowed(let allowed): throw V1Refusal.methodNotAllowed(allowed)
        case .unknown: throw V1Refusal.unknownPath
        case .refused(let refusal): throw V1Refusal.path(refusal)
        }
    }

    /// Where the request looks for images: the repository that its token names. While there are no accounts a token proves nothing and is
    /// asked for nothing else.
    var scope: ImageScope {
        headers[.authorization].flatMap { RepositoryToken($0) }.map { .repository($0.repository) } ?? .any
    }

    /// The whole body.
    ///
    /// - Throws: ``V1Refusal/bodyTooLarge(limit:)``.
    func body(upTo limit: Int) async throws -> [UInt8] {
        do {
            return Array(buffer: try await request.body.collect(upTo: limit))
        } catch RequestBodyError.tooLarge {
            throw V1Refusal.bodyTooLarge(limit: limit)
        }
    }

    /// Makes an answer that may be given again, on the event loop, until something is committed.
    func keeping(_ make: () async throws -> Response) async throws -> Response {
        guard request.head.method == .get, !target.contains("?"), headers[.ifNoneMatch] == nil, headers[.ifModifiedSince] == nil else {
            return try await make()
        }
        return try await server.answers.keeping(AnswerCache.Key(path: target, authorization: headers[.authorization]), make)
    }
}

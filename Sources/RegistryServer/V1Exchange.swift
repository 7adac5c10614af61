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
    let origin: RequestOrigin
    /// The name in the certificate that the client showed.
    let certificate: String?
    let server: Server
    /// Taken before anything is read.
    let basis: AnswerCache.Basis?
    /// The name of a user who registers, which stands in the body and not in the route.
    let registered = Registered()
    /// Nobody, until the request's credential was found good.
    private(set) var caller = AuthenticatedCaller.anonymous

    init(request: Request, context: RequestContext, origin: RequestOrigin, server: Server) {
        self.request = request
        target = request.head.path ?? "/"
        id = context.id
        self.origin = origin
        certificate = context.connection.clientCertificate?.commonName
        self.server = server
        basis = server.answers.basis()
    }

    var registry: Registry { server.registry }
    var configuration: ServerConfiguration { server.configuration }
    var access: AccessConfiguration { server.access }
    var headers: HTTPFields { request.head.headerFields }

    /// Path → route → caller → permission → answer, or error → answer.
    func respond() async -> Response {
        var exchange = self
        let parsed = Result { try self.route() }
        let route = try? parsed.get()
        var isRefused = false
        let response: Response
        do {
            try server.gate.check(origin, authorization: headers[.authorization])
            let found = try parsed.get()
            try checkRole(of: found)
            exchange.caller = try await authenticate(for: found.permission)
            isRefused = true
            let hidden = try await exchange.authorize(found)
            isRefused = hidden != nil
            if let hidden {
                response = hidden
            } else {
                response = try await exchange.answer(found)
            }
        } catch {
            response = exchange.answer(to: exchange.concealed(error, on: route))
        }
        exchange.audit(route, response.status, isRefused: isRefused)
        return response
    }

    private func route() throws -> V1Route {
        guard let path = RequestPath(target) else { throw V1Refusal.path(.path) }
        switch V1Route.look(up: Method(request.head.method.rawValue), path) {
        case .found(let route): return route
        case .methodNotAllowed(let allowed): throw V1Refusal.methodNotAllowed(allowed)
        case .unknown: throw V1Refusal.unknownPath
        case .refused(let refusal): throw V1Refusal.path(refusal)
        }
    }

    private func answer(_ route: V1Route) async throws -> Response {
        switch route {
        case .images(let route): try await answer(route)
        case .index(let route): try await answer(route)
        }
    }

    /// Where the request looks for images, and for whom: the repository that its token names.
    var scope: ImageScope { ImageScope(repository: caller.token?.repository, caller: caller.caller) }

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

    /// Makes an answer that may be given again, on the event loop, until something is committed or the credential is over.
    func keeping(_ make: () async throws -> Response) async throws -> Response {
        guard request.head.method == .get, !target.contains("?"), headers[.ifNoneMatch] == nil, headers[.ifModifiedSince] == nil,
            caller.means != .cookie, caller.means != .certificate, !access.asksIndex
        else { return try await make() }
        let key = AnswerCache.Key(path: target, authorization: headers[.authorization])
        return try await server.answers.keeping(key, basis: basis, until: caller.validUntil, make)
    }
}

import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import NIOCore
import RegistryWire

/// One request of the v1 protocol and what its handlers need to answer it.
struct V1Exchange: Sendable {
    let incoming: Incoming
    let server: Server
    /// The name of a user who registers, which stands in the body and not in the route.
    let registered = Registered()
    /// Nobody, until the request's credential was found good.
    private(set) var caller = AuthenticatedCaller.anonymous
    /// What the answer is counted as.
    private var label = "v1 other"

    init(_ incoming: Incoming, server: Server) {
        self.incoming = incoming
        self.server = server
    }

    var request: Request { incoming.request }
    var target: String { incoming.target }
    var id: RequestID { incoming.id }
    var origin: RequestOrigin { incoming.origin }
    var certificate: String? { incoming.certificate }
    var registry: Registry { server.registry }
    var configuration: ServerConfiguration { server.configuration }
    var access: AccessConfiguration { server.access }
    var headers: HTTPFields { request.head.headerFields }

    /// Path → route → caller → permission → answer, or error → answer.
    func respond() async -> Response {
        var exchange = self
        let parsed = Result { try self.route() }
        let route = try? parsed.get()
        if let route { exchange.label = "v1 \(route.label)" }
        var isRefused = false
        var response: Response
        do {
            try server.gate.check(origin, authorization: headers[.authorization])
            let found = try parsed.get()
            try checkRole(of: found)
            exchange.caller = try await authenticate(for: found.permission)
            isRefused = true
            let hidden = try await exchange.authorize(found)
            isRefused = hidden != nil
            if hidden == nil { try checkSwitches(for: found) }
            if let hidden {
                response = hidden
            } else {
                response = try await exchange.answer(found)
            }
        } catch {
            response = exchange.answer(to: exchange.concealed(error, on: route))
        }
        exchange.audit(route, response.status, isRefused: isRefused)
        response.label = exchange.label
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
        guard incoming.mayBeKept, caller.means != .cookie, caller.means != .certificate, !access.asksIndex else { return try await make() }
        return try await server.answers.keeping(incoming.key, basis: incoming.basis, until: caller.validUntil, label: label, make)
    }

    /// - Throws: ``V1Refusal``.
    private func checkSwitches(for route: V1Route) throws {
        guard route.isMutating else { return }
        if configuration.isReadOnly() { throw V1Refusal.readOnly }
        let deletion = configuration.deletion
        switch route {
        case .images(.deleteTag) where !deletion.tags, .images(.deleteTags) where !deletion.tags: throw V1Refusal.deletionOff("tags")
        case .images(.deleteRepository) where !deletion.repositories: throw V1Refusal.deletionOff("repositories")
        default: break
        }
    }
}

import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import NIOCore
import RegistryWire

/// One request of the OCI Distribution API and what its handlers need to answer it.
struct DistributionExchange: Sendable {
    let incoming: Incoming
    let server: Server
    let limits: ServerConfiguration.Distribution
    let holder = TokenHolder()
    /// Nobody, until the request's credential was found good.
    private(set) var caller = AuthenticatedCaller.anonymous
    /// What the answer is counted as.
    private var label = "v2 other"

    init(_ incoming: Incoming, server: Server, limits: ServerConfiguration.Distribution) {
        self.incoming = incoming
        self.server = server
        self.limits = limits
    }

    var registry: Registry { server.registry }
    var configuration: ServerConfiguration { server.configuration }
    var access: AccessConfiguration { server.access }
    var headers: HTTPFields { incoming.headers }

    /// Path → route → caller → permission → answer, or error → answer.
    func respond() async -> Response {
        var exchange = self
        let parsed = Result { try self.route() }
        let route = try? parsed.get()
        if let route { exchange.label = "v2 \(route.label)" }
        var isRefused = false
        var response: Response
        do {
            try server.gate.check(incoming.origin, authorization: headers[.authorization])
            let found = try parsed.get()
            exchange.caller = try await authenticate(for: found.permission)
            isRefused = true
            try await exchange.authorize(found)
            isRefused = false
            try checkSwitches(for: found)
            response = try await exchange.answer(found)
        } catch {
            response = exchange.answer(to: error, on: route)
        }
        exchange.audit(route, response.status, isRefused: isRefused)
        response.label = exchange.label
        return response
    }

    private func route() throws -> DistributionRoute {
        guard let path = RequestPath(incoming.target) else { throw DistributionRefusal.path(.path) }
        switch DistributionRoute.look(up: Method(incoming.request.head.method.rawValue), path) {
        case .found(let route): return route
        case .methodNotAllowed(let allowed): throw DistributionRefusal.methodNotAllowed(allowed)
        case .unknown: throw DistributionRefusal.unknownPath
        case .refused(let refusal): throw DistributionRefusal.path(refusal)
        }
    }

    /// Every route and the handler that answers it.
    private func answer(_ route: DistributionRoute) async throws -> Response {
        switch route {
        case .ping: try await keeping { ping() }
        case .manifest(let name, let reference): try await keeping { try await manifest(name, reference) }
        case .putManifest(let name, let reference): try await putManifest(name, reference)
        case .deleteTag(let name, let tag): try await deleteTag(name, tag)
        case .deleteManifest(let name, let digest): try await deleteManifest(name, digest)
        case .blob(let name, let digest): try await blob(name, digest)
        case .deleteBlob(let name, let digest): try await deleteBlob(name, digest)
        case .startUpload(let name): try await startUpload(name)
        case .upload(let name, let id): try await upload(name, id)
        case .appendUpload(let name, let id): try await appendUpload(name, id)
        case .finishUpload(let name, let id): try await finishUpload(name, id)
        case .cancelUpload(let name, let id): try await cancelUpload(name, id)
        case .tags(let name): try await tags(name)
        case .referrers(let name, let digest): try await referrers(name, digest)
        case .catalog: try await catalog()
        case .deleteRepository(let name): try await deleteRepository(name)
        case .token: try await token()
        case .tokenGrant: try await grantToken()
        case .tokenKeys: try await tokenKeys()
        }
    }

    /// - Throws: ``DistributionRefusal``.
    private func checkSwitches(for route: DistributionRoute) throws {
        guard route.isMutating else { return }
        if configuration.isReadOnly() { throw DistributionRefusal.readOnly }
        let deletion = configuration.deletion
        switch route {
        case .deleteTag where !deletion.tags: throw DistributionRefusal.deletionOff("tags")
        case .deleteManifest where !deletion.manifests: throw DistributionRefusal.deletionOff("manifests")
        case .deleteBlob where !deletion.blobs: throw DistributionRefusal.deletionOff("blobs")
        case .deleteRepository where !deletion.repositories: throw DistributionRefusal.deletionOff("repositories")
        default: break
        }
    }

    /// Makes an answer that may be given again, on the event loop, until something is committed or the credential is over.
    private func keeping(_ make: () async throws -> Response) async throws -> Response {
        guard incoming.mayBeKept, caller.means != .certificate, !access.asksIndex, !isPingOfBareGo else { return try await make() }
        return try await server.answers.keeping(incoming.key, basis: incoming.basis, until: caller.validUntil, label: label, make)
    }
}

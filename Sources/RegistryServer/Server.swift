import Credentials
public import HTTPTransport
import HTTPTypes
public import ImageRegistry
public import Logging
import NIOCore
public import RegistryLog
public import RegistryMetrics
import RegistryWire

/// Answers requests. What happens to one, in order, stands in one function: `V1Exchange.respond`.
public struct Server: Sendable {
    let registry: Registry
    let configuration: ServerConfiguration
    let access: AccessConfiguration
    let logger: Logger
    let auditLog: AuditLog
    let metrics: MetricsRegistry
    let answers: AnswerCache
    let authenticator: Authenticator
    let gate: Gate
    /// Before the lists of files and the differences, which read layers again.
    let listings: Turnstile
    /// Signs the links of confirmation mails.
    let links: Signer

    /// Lists of files and differences that may wait, for each that is made.
    private static let waitingListings = 16

    /// The key for tokens has fewer than 32 bytes.
    public struct KeyTooShort: Error {}

    /// - Throws: ``KeyTooShort``.
    public init(
        registry: Registry, configuration: ServerConfiguration, access: AccessConfiguration, auditLog: AuditLog,
        metrics: MetricsRegistry = MetricsRegistry(version: "-"), logger: Logger
    ) throws(KeyTooShort) {
        guard let seal = TokenSeal(key: access.tokenKey), let refreshSeal = RefreshSeal(key: access.tokenKey),
            let links = Signer(key: access.tokenKey, purpose: "confirmation link")
        else { throw KeyTooShort() }
        self.registry = registry
        self.configuration = configuration
        self.access = access
        self.logger = logger
        self.auditLog = auditLog
        self.metrics = metrics
        self.links = links
        answers = AnswerCache(registry: registry, configuration: configuration, hasAccounts: !access.isOpen)
        authenticator = Authenticator(
            registry: registry, access: access, seal: seal, refreshSeal: refreshSeal,
            tokens: BearerTokens(access, store: SigningKeyStore(registry), logger: logger, now: registry.now))
        gate = Gate(access)
        listings = Turnstile(width: configuration.fileListings, waiting: Self.waitingListings * configuration.fileListings)
    }

    /// The answer to any request. Failures that are nobody's refusal show nothing inward and are logged once, with the request's id.
    public func respond(to request: Request, context: RequestContext) async -> Response {
        let origin: RequestOrigin
        do {
            origin = try RequestOrigin(request, context, trustedProxies: access.trustedProxies)
        } catch {
            return refuse("Forwarded and X-Forwarded-For name different clients", status: .badRequest, path: request.head.path)
        }
        let target = request.head.path ?? "/"
        if let route = OperationsRoute(target: target) {
            var response = await answer(route, to: request, from: origin)
            response.label = route.label
            return response
        }
        let incoming = Incoming(request, context, origin: origin, basis: answers.basis())
        guard DistributionRoute.isDistribution(target) else { return await V1Exchange(incoming, server: self).respond() }
        if let limits = configuration.distribution { return await DistributionExchange(incoming, server: self, limits: limits).respond() }
        // Who is not let in at all is told so in the one dialect that is spoken here.
        return gate.admits(origin.client) ? DistributionAnswers.absent : await V1Exchange(incoming, server: self).respond()
    }

    /// What was read from the configuration has changed: rules, users of the password file.
    public func configurationHasChanged() { answers.invalidate() }

    /// The answer to what the transport has turned down before it was a request.
    public func refuse(_ refusal: TransportRefusal) -> Response { refuse(refusal.message, status: refusal.status, path: refusal.path) }

    /// A refusal in the words of the dialect that the path belongs to.
    private func refuse(_ message: String, status: HTTPResponse.Status, path: String?) -> Response {
        guard let path, DistributionRoute.isDistribution(path) else {
            return Response(status: status, headers: V1Answers.fields(configuration), body: .bytes(V1Answers.error(message)))
        }
        guard configuration.distribution != nil else {
            let fields: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
            return Response(status: status, headers: fields, body: .bytes(ByteBuffer(string: "\(message)\n")))
        }
        let errors = DistributionErrors(DistributionError(.unsupported, message))
        return Response(status: status, headers: DistributionAnswers.fields, body: .bytes(ByteBuffer(bytes: errors.json)))
    }

    /// An answer that can be given on the event loop, or nil.
    public func immediate(_ request: ImmediateRequest) -> ImmediateResponse? {
        guard gate.admitsAtOnce(request) else { return nil }
        return answers.answer(to: request)
    }
}

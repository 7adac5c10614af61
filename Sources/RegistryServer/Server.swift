import Credentials
public import HTTPTransport
import HTTPTypes
public import ImageRegistry
public import Logging
import NIOCore
public import RegistryLog
import RegistryWire

/// Answers requests. What happens to one, in order, stands in one function: `V1Exchange.respond`.
public struct Server: Sendable {
    let registry: Registry
    let configuration: ServerConfiguration
    let access: AccessConfiguration
    let logger: Logger
    let auditLog: AuditLog
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
        registry: Registry, configuration: ServerConfiguration, access: AccessConfiguration, auditLog: AuditLog, logger: Logger
    ) throws(KeyTooShort) {
        guard let seal = TokenSeal(key: access.tokenKey), let links = Signer(key: access.tokenKey, purpose: "confirmation link") else {
            throw KeyTooShort()
        }
        self.registry = registry
        self.configuration = configuration
        self.access = access
        self.logger = logger
        self.auditLog = auditLog
        self.links = links
        answers = AnswerCache(registry: registry, configuration: configuration, hasAccounts: !access.isOpen)
        authenticator = Authenticator(registry: registry, access: access, seal: seal)
        gate = Gate(access)
        listings = Turnstile(width: configuration.fileListings, waiting: Self.waitingListings * configuration.fileListings)
    }

    /// The answer to any request. Failures that are nobody's refusal show nothing inward and are logged once, with the request's id.
    public func respond(to request: Request, context: RequestContext) async -> Response {
        let origin: RequestOrigin
        do {
            origin = try RequestOrigin(request, context, trustedProxies: access.trustedProxies)
        } catch {
            return Response(
                status: .badRequest, headers: V1Answers.fields(configuration),
                body: .bytes(V1Answers.error("Forwarded and X-Forwarded-For name different clients")))
        }
        if Self.isDistribution(request.head.path ?? "/"), gate.admits(origin.client) { return Self.noDistribution }
        return await V1Exchange(request: request, context: context, origin: origin, server: self).respond()
    }

    /// What was read from the configuration has changed: rules, users of the password file.
    public func configurationHasChanged() { answers.invalidate() }

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
        guard gate.admitsAtOnce(request) else { return nil }
        return answers.answer(to: request)
    }

    /// Engines take a JSON error under `/v2/` for a registry that speaks v2, retry, or crash; plain text sends them to v1 (v1.md §4.1).
    private static func isDistribution(_ target: String) -> Bool {
        target == "/v2" || target.hasPrefix("/v2/") || target.hasPrefix("/v2?")
    }

    private static let noDistribution = Response(
        status: .notFound, headers: [.contentType: "text/plain; charset=utf-8"], body: .bytes(ByteBuffer(string: "404 page not found\n")))
}

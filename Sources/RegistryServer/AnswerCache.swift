import HTTPTransport
import HTTPTypes
import ImageRegistry
import NIOConcurrencyHelpers
import NIOCore
import RegistryWire

/// Answers that are given on the event loop: the ping, and tags and ancestries exactly as long as nothing has been committed since.
///
/// The catalog's version is read *before* an answer is made and kept with it; a commit in between makes the kept answer stale at once, never
/// wrong. A catalog that cannot tell its version keeps nothing.
final class AnswerCache: Sendable {
    /// Answers kept at most; at the limit all are dropped, and those in demand come back.
    private static let countLimit = 4096
    /// Bytes of a body that is kept at most.
    private static let bodyLimit = 64 << 10

    struct Key: Hashable, Sendable {
        let path: String
        let authorization: String?
        /// What a manifest's answer depends on; nil where nothing does.
        let accept: String?
        /// Of engines that do not say what they take, and take less than others.
        let readsSchema1Only: Bool

        init(path: String, authorization: String?, accept: String?, userAgent: String?) {
            self.path = path
            self.authorization = authorization
            let isDistribution = path.hasPrefix("/v2/")
            self.accept = isDistribution ? accept : nil
            readsSchema1Only = isDistribution && accept == nil && ClientAgent(userAgent: userAgent).readsSchema1Only
        }
    }

    /// What an answer stands on: the catalog, and the configuration's rules and users, each as it was at one moment.
    struct Basis: Equatable, Sendable {
        fileprivate let version: Int64
        fileprivate let generation: Int
    }

    private struct Kept: Sendable {
        let basis: Basis
        /// Seconds since 1970 at which the credential behind the answer is over.
        let until: Int64?
        let response: ImmediateResponse
    }

    private let registry: Registry
    private let hasAccounts: Bool
    private let ping: ImmediateResponse
    private let generation = NIOLockedValueBox(0)
    private let kept = NIOLockedValueBox<[Key: Kept]>([:])

    init(registry: Registry, configuration: ServerConfiguration, hasAccounts: Bool) {
        self.registry = registry
        self.hasAccounts = hasAccounts
        ping = ImmediateResponse(
            status: .ok, headers: V1Answers.fields(configuration), body: ByteBuffer(string: V1Answers.nothing), label: "v1 ping")
    }

    func answer(to request: ImmediateRequest) -> ImmediateResponse? {
        guard request.method == .get || request.method == .head else { return nil }
        let authorization = request[.authorization]
        if !hasAccounts || authorization == nil, request.path == "/v1/_ping" || request.path == "/_ping" { return ping }
        // A cookie counts where there is no Authorization, and is no part of the key.
        if hasAccounts, authorization == nil, request[.cookie] != nil || request.connection.clientCertificate != nil { return nil }
        // One engine's ping is answered without a field that all others get.
        if ["/v2/", "/v2"].contains(request.path), ClientAgent(userAgent: request[.userAgent]).isBareGo { return nil }
        let key = Key(
            path: request.path, authorization: authorization, accept: request[.accept], userAgent: request[.userAgent])
        guard let found = kept.withLockedValue({ $0[key] }), request[.ifNoneMatch] == nil, request[.ifModifiedSince] == nil,
            basis() == found.basis, found.until.map({ registry.now() < $0 }) ?? true
        else { return nil }
        return found.response
    }

    /// The basis of this moment; nil when the catalog cannot tell its version.
    func basis() -> Basis? {
        // The generation first: a change between the two makes the basis an old one, never a wrong one.
        let generation = generation.withLockedValue(\.self)
        return registry.version().map { Basis(version: $0, generation: generation) }
    }

    /// What is kept counts no more, nor what is being made, because the configuration has changed.
    func invalidate() { generation.withLockedValue { $0 += 1 } }

    /// Makes an answer, and keeps it when it is one of bytes with status 200.
    ///
    /// - Parameters:
    ///   - basis: of before the first thing that the answer depends on was read, the caller's credential included.
    ///   - until: seconds since 1970; nil: for good.
    ///   - label: what the kept answer is counted as.
    func keeping(
        _ key: Key, basis: Basis?, until: Int64?, label: String, _ make: () async throws -> Response
    ) async throws -> Response {
        let response = try await make()
        guard let basis, response.status == .ok, case .bytes(let body) = response.body, body.readableBytes <= Self.bodyLimit else {
            return response
        }
        let answer = Kept(
            basis: basis, until: until, response: ImmediateResponse(status: .ok, headers: response.headers, body: body, label: label))
        kept.withLockedValue { kept in
            if kept.count >= Self.countLimit { kept.removeAll(keepingCapacity: true) }
            kept[key] = answer
        }
        return response
    }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks one service over HTTP/1.1: no redirects, no cookies, no compression, so that what is sent goes to this service and nowhere else,
/// and what comes back is what the service has sent. Connections are kept for further questions.
struct ServiceClient: Sendable {
    /// Bytes of a body that only says why not.
    static let refusalLimit = 64 * 1024

    let url: ServiceURL
    private let client: HTTPClient
    private let timeout: Duration

    /// - Parameters:
    ///   - timeout: for a whole exchange, from the connection to the last byte of the answer.
    ///   - rootCertificates: a PEM file of the certificates that are trusted in place of the system's.
    init(url: ServiceURL, timeout: Duration, rootCertificates: String? = nil, eventLoopGroup: any EventLoopGroup) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let rootCertificates { tls.trustRoots = .file(rootCertificates) }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: TimeAmount(timeout)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        // Tried again by whoever asks; until then a service that is down is down.
        configuration.connectionPool.retryConnectionEstablishment = false
        self.url = url
        self.timeout = timeout
        client = HTTPClient(eventLoopGroup: eventLoopGroup, configuration: configuration)
    }

    func shutdown() async throws {
        try await client.shutdown()
    }

    /// - Parameters:
    ///   - path: with its query, as it goes over the wire.
    ///   - limit: bytes of the body with a status below 300; above, ``refusalLimit`` bytes are read and the rest is left.
    /// - Throws: ``ServiceFailure``.
    func ask(
        _ method: HTTPMethod, _ path: String, fields: [(String, String)] = [], body: HTTPClientRequest.Body? = nil, bodyLimit limit: Int,
        within timeout: Duration? = nil
    ) async throws(ServiceFailure) -> ServiceAnswer {
        var request = HTTPClientRequest(url: "\(url)\(path)")
        request.method = method
        request.headers = HTTPHeaders(fields)
        request.body = body
        do {
            return try await Self.within(timeout ?? self.timeout) { [client, request] in
                do {
                    return try await Self.exchange(client, request, limit)
                } catch let error as HTTPClientError where error == .remoteConnectionClosed && request.body == nil {
                    // Kept connections may be closed by the service just when they are used again.
                    return try await Self.exchange(client, request, limit)
                }
            }
        } catch {
            throw ServiceFailure(error)
        }
    }

    private static func exchange(_ client: HTTPClient, _ request: HTTPClientRequest, _ limit: Int) async throws -> ServiceAnswer {
        let response = try await client.execute(request, deadline: .distantFuture)
        var body = ByteBuffer()
        if response.status.code < 300 {
            for try await piece in response.body {
                guard piece.readableBytes <= limit - body.readableBytes else { throw ServiceFailure.tooLarge(limit: limit) }
                body.writeImmutableBuffer(piece)
            }
        } else {
            for try await piece in response.body where body.readableBytes < refusalLimit { body.writeImmutableBuffer(piece) }
        }
        return ServiceAnswer(status: Int(response.status.code), fields: response.headers, body: Array(body.readableBytesView))
    }

    /// - Throws: ``ServiceFailure/timedOut`` when the time is over, and then cancels the work; what `work` throws.
    private static func within<Outcome: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Outcome
    ) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome.self) { tasks in
            defer { tasks.cancelAll() }
            tasks.addTask { try await work() }
            tasks.addTask {
                try await Task.sleep(for: limit)
                throw ServiceFailure.timedOut
            }
            guard let outcome = try await tasks.next() else { throw ServiceFailure.timedOut }
            return outcome
        }
    }
}

/// What a service has answered.
struct ServiceAnswer: Sendable {
    let status: Int
    let fields: HTTPHeaders
    let body: [UInt8]

    /// The values of a field, joined if there are several.
    subscript(name: String) -> String? {
        let values = fields[name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}

public import AsyncHTTPClient
public import ImageModel
public import NIOCore
import NIOHTTP1

/// Looks at a running Wharf from where its clients are, and says what a reverse proxy between them does wrong. Needs no credentials and
/// changes nothing: its uploads are for an image that does not exist, and are refused.
///
/// Wharf's own answers are told from a proxy's by `X-Docker-Registry-Version`, which every reply of protocol v1 has (v1.md §11.2).
public struct ProxyCheck: Sendable {
    /// An id that no image has: ids are sums, or random.
    static let noImage = String(repeating: "0", count: 64)
    static let versionField = "X-Docker-Registry-Version"
    /// Bytes of an answer that are looked at.
    static let answerLimit = 1024 * 1024

    let service: ServiceClient
    let repository: RepositoryName?
    /// How long an upload is held back in the middle, to see whether its beginning is passed on.
    let hold: Duration

    /// - Parameters:
    ///   - url: the address that clients use.
    ///   - repository: a public repository to look at; nil: one that the search shows.
    ///   - timeout: for each question.
    ///   - rootCertificates: a PEM file of the certificates to trust in place of the system's.
    /// - Returns: every check with its outcome, in the order in which they depend on each other.
    public static func run(
        url: ServiceURL, repository: RepositoryName? = nil, timeout: Duration = .seconds(30), rootCertificates: String? = nil,
        eventLoopGroup: any EventLoopGroup = HTTPClient.defaultEventLoopGroup
    ) async throws -> [ProxyFinding] {
        let service = ServiceClient(url: url, timeout: timeout, rootCertificates: rootCertificates, eventLoopGroup: eventLoopGroup)
        let check = ProxyCheck(service: service, repository: repository)
        let findings = await check.findings()
        try await service.shutdown()
        return findings
    }

    init(service: ServiceClient, repository: RepositoryName?, hold: Duration = .seconds(3)) {
        self.service = service
        self.repository = repository
        self.hold = hold
    }

    func findings() async -> [ProxyFinding] {
        let first = await finding("the ping") { try await $0.ping() }
        guard first.outcome == .ok else { return [first] }
        var findings = [first]
        findings.append(await finding("the ping of protocol v2") { try await $0.versionTwo() })
        findings.append(await finding("a refusal") { try await $0.refusals() })
        findings.append(await finding("HEAD") { try await $0.head() })
        findings.append(await finding("an encoded slash") { try await $0.paths() })
        findings.append(await finding("credentials") { try await $0.authorization() })
        findings.append(contentsOf: await identity())
        findings.append(await finding("a large upload") { try await $0.announcedUpload() })
        findings.append(await finding("an upload in chunks") { try await $0.heldUpload() })
        findings.append(await finding("a body in chunks") { try await $0.chunkedBody() })
        findings.append(await finding("a question for compressed answers") { try await $0.compression() })
        findings.append(Self.timeouts)
        // Plain HTTP where there is TLS may be seen in two ways.
        return findings.enumerated().filter { index, finding in !findings[..<index].contains(finding) }.map(\.element)
    }

    /// A question that is not answered at all is a problem.
    func failed(_ name: String, _ failure: ServiceFailure) -> ProxyFinding {
        .problem("\(name) is not answered: \(failure)")
    }

    private func finding(
        _ name: String, _ check: (ProxyCheck) async throws -> ProxyFinding
    ) async -> ProxyFinding {
        do {
            return try await check(self)
        } catch {
            return failed(name, ServiceFailure(error))
        }
    }

    func ask(
        _ method: HTTPMethod, _ path: String, fields: [(String, String)] = [], body: HTTPClientRequest.Body? = nil
    ) async throws(ServiceFailure) -> ServiceAnswer {
        try await service.ask(method, path, fields: [("User-Agent", "wharf-check")] + fields, body: body, bodyLimit: Self.answerLimit)
    }
}

extension ServiceAnswer {
    /// Whether Wharf has given this answer, and not something before it.
    var isFromWharf: Bool { self[ProxyCheck.versionField]?.isEmpty == false }

    /// For a report: the status, and who says so if it says who it is.
    var summary: String {
        self["Server"].map { "\(status) from \(Self.shown($0))" } ?? "\(status)"
    }

    /// A text of somebody else's, short and without anything that commands a terminal.
    static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(200).map { (0x20..<0x7f).contains($0.value) ? $0 : "?" }))
    }
}

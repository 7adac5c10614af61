import HTTPTransport
import HTTPTypes
import ImageModel
import NIOCore
import NIOPosix
import Testing

@testable import RegistryClient

@Suite("Checking a proxy", .serialized)
struct ProxyCheckTests {
    /// Answers as Wharf does, through a proxy with the defects given.
    private struct Fake: Sendable {
        enum Defect: Hashable {
            case noVersion, noStandalone, ownVersionTwo, ownErrors, noChallenge, noHead, decodedPaths, noAuthorization, wrongHost,
                forgedHost
            case noRange, limit, gathering, smallBodies, noChunks, compression, secureCookie
        }

        var defects: Set<Defect> = []
        var hasAccounts = false
        var hasRepository = true
        let image = String(repeating: "a", count: 64)

        init(_ defects: Defect...) { self.defects = Set(defects) }

        func respond(_ request: Request) async -> Response {
            let fields = request.head.headerFields
            let path = request.head.path ?? ""
            let length = request.body.length ?? 0
            if defects.contains(.limit), length > 1 << 20 { return answer(413, "<html>", [.server: "nginxé"]) }
            if defects.contains(.noChunks), request.body.length == nil { return answer(411, "<html>") }
            if defects.contains(.gathering) || defects.contains(.smallBodies) || path == "/v1/users/" {
                // A body that breaks off is none that would be passed on.
                guard let size = try? await request.body.reduce(0, { $0 + $1.readableBytes }) else { return answer(400, "<html>") }
                if defects.contains(.smallBodies), size > 1 << 20 { return answer(413, "<html>") }
            }
            if defects.contains(.noHead), request.head.method == .head { return answer(405) }
            if defects.contains(.compression), fields[.acceptEncoding] != nil { return answer(200, "", [.contentEncoding: "gzip"]) }
            let isToken = fields[.authorization]?.hasPrefix("Token signature=wharf-check") == true && !defects.contains(.noAuthorization)
            switch path {
            case "/v2/":
                return defects.contains(.ownVersionTwo)
                    ? answer(200, "{}") : answer(404, "404 page not found\n", [.contentType: "text/plain"])
            case "/v1/_ping": return hasAccounts && isToken ? wharf(401, #"{"error":"no"}"#) : wharf(200, "{}")
            case "/v1%2F_ping": return defects.contains(.decodedPaths) ? wharf(200, "{}") : wharf(400, #"{"error":"Invalid path"}"#)
            case "/v1/users/" where request.head.method == .get: return hasAccounts ? wharf(401, "{}") : wharf(200, "{}")
            case "/v1/users/": return wharf(400, #"{"error":"Error Decoding JSON"}"#)
            case "/v1/search?n=1": return wharf(200, #"{"results":[\#(hasRepository ? #"{"name":"team/app"}"# : "")]}"#)
            case "/v1/repositories/team/app/images":
                let host = defects.contains(.forgedHost) ? fields[named("X-Forwarded-Host")] : nil
                return wharf(
                    200, #"[{"id":"\#(image)"}]"#,
                    [
                        named("X-Docker-Endpoints"): defects.contains(.wrongHost) ? "wharf:5000" : host ?? request.head.authority ?? "",
                        named("X-Docker-Token"): "Token signature=good",
                        .setCookie: "wharf-session=x; HttpOnly"
                            + (defects.contains(.secureCookie) ? "; Secure" : ""),
                    ])
            case "/v1/images/\(image)/layer":
                guard fields[.authorization] == "Token Token signature=good" else { return wharf(401, "{}") }
                if defects.contains(.noRange) { return wharf(200, "layer") }
                return fields[.range] == "bytes=0-0" ? wharf(206, "l", [.contentRange: "bytes 0-0/5"]) : wharf(500, "{}")
            default:
                if defects.contains(.ownErrors) { return answer(404, "<html>") }
                let status = hasAccounts ? 401 : 404
                return wharf(status, #"{"error":"Image not found"}"#, defects.contains(.noChallenge) ? [:] : [.wwwAuthenticate: "Token"])
            }
        }

        private func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .server }

        private func wharf(_ status: Int, _ text: String, _ more: HTTPFields = [:]) -> Response {
            var fields = more
            if !defects.contains(.noVersion) { fields[named("X-Docker-Registry-Version")] = "0.9.1" }
            if !defects.contains(.noStandalone) { fields[named("X-Docker-Registry-Standalone")] = "true" }
            return answer(status, text, fields)
        }
    }

    /// - Parameter hold: how long an answer is waited for that a bad proxy holds back; a good one gives it at once, however slow the machine.
    private func findings(_ fake: Fake, hold: Duration = .seconds(30)) async throws -> [ProxyFinding] {
        try await withService({ request, _ in await fake.respond(request) }) { port, _ in
            let url = try #require(ServiceURL("http://127.0.0.1:\(port)"))
            let group = MultiThreadedEventLoopGroup.singleton
            let service = ServiceClient(url: url, timeout: .seconds(10), eventLoopGroup: group)
            let findings = await ProxyCheck(service: service, repository: nil, hold: hold).findings()
            try await service.shutdown()
            return findings.map { finding in
                ProxyFinding(
                    outcome: finding.outcome, text: finding.text.replacing(":\(port)", with: ":PORT"), remedies: finding.remedies)
            }
        }
    }

    private func problems(_ fake: Fake) async throws -> [String] {
        try await findings(fake, hold: .milliseconds(1500)).filter { $0.outcome == .problem }.map(\.text)
    }

    @Test("a proxy that does nothing wrong passes, and what cannot be seen is said")
    func good() async throws {
        var fake = Fake()
        let all = try await findings(fake).map { "\($0.outcome.rawValue): \($0.text)" }
        #expect(
            all == [
                "ok: Wharf answers the ping, with its headers (protocol 0.9.1)", "ok: /v2/ gets through to Wharf as well",
                "ok: error replies get through (404)", "ok: HEAD gets through", "ok: paths get through as they are sent",
                "not seen: whether Authorization gets through: this Wharf asks nobody for a password",
                "ok: Wharf sees the host that clients use: 127.0.0.1:PORT",
                "ok: a client cannot make itself another host by X-Forwarded-Host", "ok: Wharf knows that clients use http",
                "ok: Range gets through", "ok: a layer of 20 GiB is not refused by its size",
                "ok: uploads in chunks are passed on while they arrive", "ok: a body of 4 MiB in chunks gets through",
                "ok: answers are not compressed on their way", "not seen: \(ProxyCheck.timeouts.text)",
            ])
        fake.hasAccounts = true
        fake.hasRepository = false
        let texts = try await findings(fake).map { "\($0.outcome.rawValue): \($0.text)" }
        #expect(texts[5] == "ok: Authorization gets through")
        #expect(texts[6].hasPrefix("not seen: host, TLS and Range: "))
        #expect(texts.allSatisfy { !$0.hasPrefix("problem") })
    }

    @Test(
        "each defect is found, and only that",
        arguments: [
            (.ownVersionTwo, ["/v2/ is not answered by Wharf (200): engines that ask there first do not go on to /v1/"]),
            (.noHead, ["HEAD does not get through (405)"]),
            (.decodedPaths, ["paths are decoded and written anew before they reach Wharf (/v1%2F_ping was taken for /v1/_ping)"]),
            (.wrongHost, ["Wharf sends clients to wharf:5000, and you have asked for 127.0.0.1:PORT"]),
            (.forgedHost, ["X-Forwarded-Host is passed on as clients send it, and Wharf believes the proxy"]),
            (.secureCookie, ["Wharf takes this plain connection for TLS"]),
            (.noRange, ["Range is removed, so interrupted pulls begin anew"]),
            (.limit, ["a layer of 20 GiB is refused before it reaches Wharf (413 from nginx?)"]),
            (.gathering, ["uploads are gathered by the proxy until they are complete: large ones fill its disk and time out"]),
            (
                .smallBodies,
                [
                    "uploads are gathered by the proxy until they are complete: large ones fill its disk and time out",
                    "a body of 4 MiB in chunks does not get through (413)",
                ]
            ),
            (.compression, ["answers are compressed on their way (gzip for /): layers must not be"]),
        ] as [(Fake.Defect, [String])])
    private func defects(defect: Fake.Defect, expected: [String]) async throws {
        let problems = try await problems(Fake(defect))
        #expect(problems == expected)
    }

    @Test("a proxy that takes no chunks is found by the first, and mostly by the second")
    func noChunks() async throws {
        let problems = try await problems(Fake(.noChunks))
        #expect(problems.first == "an upload in chunks does not get through (411)")
        // The other answer comes while 4 MiB are being sent, and may be lost with the connection.
        #expect(problems.dropFirst().allSatisfy { $0 == "a body of 4 MiB in chunks does not get through (411)" })
    }

    @Test("with accounts, removed credentials and challenges are found")
    func accounts() async throws {
        var fake = Fake(.noAuthorization)
        fake.hasAccounts = true
        let stripped = try await problems(fake)
        #expect(stripped == ["Authorization is removed"])
        fake = Fake(.noChallenge)
        fake.hasAccounts = true
        #expect(try await problems(fake) == ["WWW-Authenticate is removed from replies with 401"])
    }

    @Test("without Wharf's headers nothing else is looked at")
    func strangers() async throws {
        let noVersion = try await findings(Fake(.noVersion))
        #expect(
            noVersion.map(\.text) == ["something else than Wharf answers /v1/_ping (200), or X-Docker-Registry-Version is removed"])
        #expect(noVersion.first?.remedies.count == 2)
        #expect(
            try await findings(Fake(.noStandalone)).map(\.text)
                == ["X-Docker-Registry-Standalone is removed, from which engines learn how to log in"])
        let redirected = try await withService({ _, _ in answer(301, "", [.location: "https://other.example/"]) }) { port, _ in
            try await ProxyCheck.run(url: try #require(ServiceURL("http://127.0.0.1:\(port)")))
        }
        #expect(
            redirected.map(\.text)
                == ["the ping is redirected to https://other.example/: engines do not follow; check that address instead"])
        let port = try await withService({ _, _ in answer(200) }) { port, _ in port }
        let nobody = try await ProxyCheck.run(url: try #require(ServiceURL("http://127.0.0.1:\(port)")))
        #expect(nobody.map(\.text) == ["the ping is not answered: no connection: Connection refused"])
    }

    @Test("a session that is not Secure over https shows that Wharf does not know of TLS")
    func plain() async throws {
        let service = ServiceClient(
            url: try #require(ServiceURL("https://registry.example")), timeout: .seconds(1),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        let check = ProxyCheck(service: service, repository: nil)
        func finding(_ cookie: String) -> ProxyFinding {
            check.tls([cookie])
        }
        #expect(finding("wharf-session=x; Path=/v1/; HttpOnly; Secure").outcome == .ok)
        #expect(
            finding("wharf-session=x; Path=/v1/; HttpOnly").text
                == "Wharf takes this connection for plain HTTP, and will take no passwords over it")
        #expect(finding("wharf-session=Secure").outcome == .problem)
        #expect(finding("other=x; Secure").outcome == .unchecked)
        try await service.shutdown()
    }
}

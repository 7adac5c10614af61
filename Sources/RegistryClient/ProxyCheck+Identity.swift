import FoundationEssentials
import ImageModel
import NIOHTTP1
import RegistryWire

/// Checks of whether Wharf learns who asks, how, and for which host. What it has learnt shows in the replies of the index:
/// `X-Docker-Endpoints` has the host, and the session's cookie is `Secure` for who came by TLS (v1.md §2.3.1).
extension ProxyCheck {
    /// A name that nobody has (RFC 6761 §6.4).
    private static let forgedHost = "wharf-check.invalid"

    /// With accounts, a token that is none is refused where nothing at all is not; so is a password that is none, and over plain HTTP
    /// otherwise than over TLS.
    func authorization() async throws(ServiceFailure) -> ProxyFinding {
        guard try await ask(.GET, "/v1/users/").status == 401 else {
            return .unchecked("whether Authorization gets through: this Wharf asks nobody for a password")
        }
        let token = #"Token signature=wharf-check,repository="library/wharf-check",access=read"#
        guard try await ask(.GET, "/v1/_ping", fields: [("Authorization", token)]).status != 200 else {
            return .problem(
                "Authorization is removed", nginx: "no proxy_set_header Authorization \"\"; and no auth_basic of its own",
                haproxy: "no http-request del-header Authorization")
        }
        if service.url.isSecure {
            let basic = Data("wharf-check:wharf-check".utf8).base64EncodedString()
            let answer = try await ask(.GET, "/v1/users/", fields: [("Authorization", "Basic \(basic)")])
            if answer.status == 400, answer.isFromWharf { return Self.takenForPlain }
        }
        return .ok("Authorization gets through")
    }

    func identity() async -> [ProxyFinding] {
        do throws(ServiceFailure) {
            guard let name = try await publicRepository() else {
                return [
                    .unchecked(
                        "host, TLS and Range: only replies for a public repository show them; name one with --repository, or make one")
                ]
            }
            let path = IndexRoute.images(name).path
            let answer = try await ask(.GET, path, fields: [("X-Docker-Token", "true")])
            guard answer.status == 200, let endpoints = answer["X-Docker-Endpoints"] else {
                return [.unchecked("host, TLS and Range: \(path) is answered with \(answer.summary)")]
            }
            var findings = [host(endpoints)]
            findings.append(try await forgery(path, endpoints))
            findings.append(tls(answer.fields["Set-Cookie"]))
            findings.append(try await range(answer))
            return findings
        } catch {
            return [failed("the index", error)]
        }
    }

    private func publicRepository() async throws(ServiceFailure) -> RepositoryName? {
        if let repository { return repository }
        let answer = try await ask(.GET, "/v1/search?n=1")
        guard answer.status == 200, let page = try? JSONDecoder().decode(Found.self, from: Data(answer.body)) else { return nil }
        return page.results.first.flatMap { RepositoryName($0.name) }
    }

    private struct Found: Decodable {
        struct Result: Decodable { let name: String }
        let results: [Result]
    }

    private func host(_ endpoints: String) -> ProxyFinding {
        let used = service.url.hostField
        guard endpoints.lowercased() != used.lowercased() else { return .ok("Wharf sees the host that clients use: \(used)") }
        return .problem(
            "Wharf sends clients to \(ServiceAnswer.shown(endpoints)), and you have asked for \(used)",
            nginx: "proxy_set_header Host $http_host;",
            haproxy: "no http-request set-header Host", wharf: "`external_url: \(service.url)`, or unset it if it is another address")
    }

    /// A client's own `X-Forwarded-Host` must not be believed.
    private func forgery(_ path: String, _ endpoints: String) async throws(ServiceFailure) -> ProxyFinding {
        let answer = try await ask(.GET, path, fields: [("X-Docker-Token", "true"), ("X-Forwarded-Host", Self.forgedHost)])
        guard answer["X-Docker-Endpoints"]?.contains(Self.forgedHost) == true else {
            return .ok("a client cannot make itself another host by X-Forwarded-Host")
        }
        return .problem(
            "X-Forwarded-Host is passed on as clients send it, and Wharf believes the proxy",
            nginx: "proxy_set_header X-Forwarded-Host \"\"; likewise Forwarded",
            haproxy: "http-request del-header X-Forwarded-Host; likewise Forwarded")
    }

    func tls(_ cookies: [String]) -> ProxyFinding {
        guard let cookie = cookies.first(where: { $0.hasPrefix("wharf-session=") }) else {
            return .unchecked("whether Wharf knows of TLS: it hands out no session here")
        }
        let isSecure = cookie.split(separator: ";").contains { $0.drop { $0 == " " }.lowercased() == "secure" }
        if isSecure == service.url.isSecure { return .ok("Wharf knows that clients use \(isSecure ? "https" : "http")") }
        if service.url.isSecure { return Self.takenForPlain }
        return .problem(
            "Wharf takes this plain connection for TLS", nginx: "proxy_set_header X-Forwarded-Proto $scheme;",
            haproxy: "http-request set-header X-Forwarded-Proto http if !{ ssl_fc }")
    }

    private static let takenForPlain = ProxyFinding.problem(
        "Wharf takes this connection for plain HTTP, and will take no passwords over it",
        nginx: "proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-For $remote_addr;",
        haproxy: "http-request set-header X-Forwarded-Proto https if { ssl_fc }; option forwardfor",
        wharf: "`trusted_proxies: ADDRESS` with the address from which the proxy connects to Wharf")

    /// Engines resume layers (v1.md §4.5).
    private func range(_ index: ServiceAnswer) async throws(ServiceFailure) -> ProxyFinding {
        guard let image = try? DeclaredImages(json: index.body).elements.last?.id else {
            return .unchecked("Range: the repository has no images")
        }
        let token = index["X-Docker-Token"].map { [("Authorization", "Token \($0)")] } ?? []
        let answer = try await ask(.GET, "/v1/images/\(image)/layer", fields: [("Range", "bytes=0-0")] + token)
        switch answer.status {
        case 206 where answer["Content-Range"] != nil && answer.body.count == 1: return .ok("Range gets through")
        case 200, 206:
            return .problem(
                "Range is removed, so interrupted pulls begin anew", nginx: "no proxy_cache, no slice, no proxy_set_header Range \"\";",
                haproxy: "no http-request del-header Range")
        default: return .unchecked("Range: the layer is answered with \(answer.summary)")
        }
    }
}

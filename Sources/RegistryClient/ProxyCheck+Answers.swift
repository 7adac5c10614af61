import NIOHTTP1

/// Checks of whether what Wharf says gets through as it said it.
extension ProxyCheck {
    func ping() async throws(ServiceFailure) -> ProxyFinding {
        let answer = try await ask(.GET, "/v1/_ping")
        if (300..<400).contains(answer.status) {
            let target = ServiceAnswer.shown(answer["Location"] ?? "nowhere")
            return .problem("the ping is redirected to \(target): engines do not follow; check that address instead")
        }
        guard answer.isFromWharf else {
            return .problem(
                "something else than Wharf answers /v1/_ping (\(answer.summary)), or \(Self.versionField) is removed",
                nginx: "`location / { proxy_pass http://WHARF; }`, and no proxy_hide_header for X-Docker-…",
                haproxy: "`default_backend` with Wharf as its server, and no http-response del-header for X-Docker-…")
        }
        guard answer["X-Docker-Registry-Standalone"] != nil else {
            return .problem(
                "X-Docker-Registry-Standalone is removed, from which engines learn how to log in", nginx: "no proxy_hide_header for it",
                haproxy: "no http-response del-header for it")
        }
        guard answer.status == 200 else {
            return .problem("Wharf answers the ping with \(answer.status): \(ServiceAnswer.shown(answer.text))")
        }
        return .ok("Wharf answers the ping, with its headers (protocol \(ServiceAnswer.shown(answer[Self.versionField] ?? "")))")
    }

    /// Engines from 1.6 on ask `/v2/` first, and go on with v1 on a plain 404 only (v1.md §4.1).
    func versionTwo() async throws(ServiceFailure) -> ProxyFinding {
        let answer = try await ask(.GET, "/v2/")
        let isPlainRefusal = answer.status == 404 && answer["Content-Type"]?.hasPrefix("text/plain") == true
        if isPlainRefusal || answer["Docker-Distribution-Api-Version"] != nil { return .ok("/v2/ gets through to Wharf as well") }
        return .problem(
            "/v2/ is not answered by Wharf (\(answer.summary)): engines that ask there first do not go on to /v1/",
            nginx: "`location / { … }` for every path, not for /v1/ alone", haproxy: "no path condition on the use of the backend")
    }

    func refusals() async throws(ServiceFailure) -> ProxyFinding {
        let answer = try await ask(.GET, "/v1/images/\(Self.noImage)/json")
        guard answer.isFromWharf, answer.text.hasPrefix("{\"error\"") else {
            return .problem(
                "Wharf's error replies are replaced by others (\(answer.summary)): engines read their JSON",
                nginx: "proxy_intercept_errors off;",
                haproxy: "no errorfile or http-error for the status codes of Wharf")
        }
        guard answer.status != 401 || answer["WWW-Authenticate"] != nil else {
            return .problem(
                "WWW-Authenticate is removed from replies with 401", nginx: "no proxy_hide_header for it",
                haproxy: "no http-response del-header for it")
        }
        return .ok("error replies get through (\(answer.status))")
    }

    func head() async throws(ServiceFailure) -> ProxyFinding {
        let answer = try await ask(.HEAD, "/v1/_ping")
        guard answer.isFromWharf, answer.status == 200 else {
            return .problem(
                "HEAD does not get through (\(answer.summary))", nginx: "no limit_except that leaves HEAD out",
                haproxy: "no http-request deny for METH_HEAD")
        }
        return .ok("HEAD gets through")
    }

    /// Wharf refuses an encoded slash, so that a path means one thing. A proxy that decodes it applies its own rules to one path and
    /// sends another.
    func paths() async throws(ServiceFailure) -> ProxyFinding {
        let answer = try await ask(.GET, "/v1%2F_ping")
        guard answer.status >= 400 else {
            return .problem(
                "paths are decoded and written anew before they reach Wharf (/v1%2F_ping was taken for /v1/_ping)",
                nginx: "`proxy_pass http://WHARF;` without a path, so without a slash at its end",
                haproxy: "no http-request normalize-uri with percent-decode-…")
        }
        return .ok("paths get through as they are sent")
    }

    /// Asks as clients in Go do, which take compressed answers to everything. Compressed layers would not fit their sums and sizes, and
    /// have no length (v1.md §1.3).
    func compression() async throws(ServiceFailure) -> ProxyFinding {
        for path in ["/", "/v1/search", "/v1/images/\(Self.noImage)/json", "/v1/images/\(Self.noImage)/layer"] {
            guard let coding = try await ask(.GET, path, fields: [("Accept-Encoding", "gzip")])["Content-Encoding"] else { continue }
            return .problem(
                "answers are compressed on their way (\(ServiceAnswer.shown(coding)) for \(path.prefix(16))): layers must not be",
                nginx: "gzip off;", haproxy: "no filter compression")
        }
        return .ok("answers are not compressed on their way")
    }

    static let timeouts = ProxyFinding.unchecked(
        "time-outs: let a transfer stand still for 900 s (nginx: proxy_read_timeout, proxy_send_timeout, client_body_timeout, "
            + "send_timeout; haproxy: timeout client, timeout server)")
}

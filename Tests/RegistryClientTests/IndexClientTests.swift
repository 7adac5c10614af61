import HTTPTransport
import HTTPTypes
import ImageModel
import NIOCore
import NIOPosix
import RegistryWire
import Testing

@testable import RegistryClient

@Suite("Asking an index")
struct IndexClientTests {
    private let token = #"Token Token signature=ABC,repository="library/foo",access=write"#
    private let one = String(repeating: "1", count: 64)
    private let two = String(repeating: "2", count: 64)

    private func withClient<Outcome>(
        _ url: String, timeout: Duration = .seconds(60), rootCertificates: String? = nil, _ body: (IndexClient) async throws -> Outcome
    ) async throws -> Outcome {
        let client = IndexClient(url: try #require(ServiceURL(url)), timeout: timeout, rootCertificates: rootCertificates)
        do {
            let outcome = try await body(client)
            try await client.shutdown()
            return outcome
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private func repository(_ name: String = "foo") throws -> RepositoryName { try #require(RepositoryName(name)) }

    /// What the client makes of an index that answers so.
    private func verdict(
        of response: Response, access: RepositoryToken.Access = .read, timeout: Duration = .seconds(60)
    ) async throws -> IndexVerdict {
        let name = try repository()
        return try await withService({ _, _ in response }) { port, _ in
            try await withClient("http://127.0.0.1:\(port)", timeout: timeout) {
                await $0.check(authorization: token, repository: name, access: access)
            }
        }
    }

    @Test("the index is shown the token as the client has sent it, and its list of images is taken over")
    func allowed() async throws {
        let ids = [try #require(ImageID(one)), try #require(ImageID(two))]
        let list = #"[{"id":"\#(one)","Tag":"latest"},{"id":"\#(two)","checksum":"tarsum+sha256:aa"}]"#
        let name = try repository("team/app")
        try await withService({ _, _ in answer(200, list, [.setCookie: "session=1; Path=/", .contentType: "application/json"]) }) {
            port, questions in
            try await withClient("http://127.0.0.1:\(port)/") { client in
                for access in [RepositoryToken.Access.read, .write, .delete] {
                    let verdict = await client.check(authorization: token, repository: name, access: access)
                    #expect(verdict == .allowed(access == .delete ? nil : ids))
                }
            }
            #expect(
                questions.all == [
                    "GET /v1/repositories/team/app/images \(token)", "GET /v1/repositories/team/app/images \(token)",
                    "PUT /v1/repositories/team/app/auth \(token)",
                ])
            #expect(questions.connections == 1)
        }
    }

    @Test("a refusal says which")
    func refused() async throws {
        for access in [RepositoryToken.Access.write, .delete] {
            #expect(try await verdict(of: answer(401, #"{"error":"no"}"#), access: access) == .refused(.unauthorized))
            #expect(try await verdict(of: answer(403), access: access) == .refused(.forbidden))
            #expect(try await verdict(of: answer(404, String(repeating: "x", count: 1_000_000)), access: access) == .refused(.unknown))
        }
    }

    @Test("any other status is no verdict")
    func statuses() async throws {
        for status in [201, 204, 206, 301, 400, 407, 429, 500, 503] {
            #expect(try await verdict(of: answer(status)) == .unreachable("unexpected status \(status)"))
        }
    }

    @Test("a list that is none is no verdict")
    func garbage() async throws {
        for text in ["", "{}", "[", "null", "<html>", #"[{"id":"../../x"}]"#, #"["\#(one)"]"#, "\u{1f}\u{8b}"] {
            #expect(try await verdict(of: answer(200, text)) == .unreachable("the answer cannot be read"), "\(text)")
        }
        #expect(try await verdict(of: answer(200, "[]")) == .allowed([]))
    }

    @Test("an endless list is cut off at the limit")
    func endless() async throws {
        let body = StreamBody(length: nil) { writer in
            let piece = ByteBuffer(repeating: 0x20, count: 1 << 20)
            while true { try await writer.write(piece) }
        }
        let response = Response(status: .ok, body: .stream(body))
        let verdict = try await verdict(of: response, timeout: .seconds(120))
        #expect(verdict == .unreachable("the answer is larger than 16777216 bytes"))
    }

    @Test("an index that hangs, before its answer or within it, is given up after the time-out")
    func hanging() async throws {
        let name = try repository()
        try await withService({ _, _ in
            try? await Task.sleep(for: .seconds(30))
            return answer(200, "[]")
        }) { port, _ in
            try await withClient("http://127.0.0.1:\(port)", timeout: .milliseconds(300)) { client in
                #expect(await client.check(authorization: token, repository: name, access: .read) == .unreachable("no answer in time"))
            }
        }
        let dripping = StreamBody(length: nil) { writer in
            while true {
                try await writer.write(ByteBuffer(string: " "))
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(
            try await verdict(of: Response(status: .ok, body: .stream(dripping)), timeout: .milliseconds(300))
                == .unreachable("no answer in time"))
    }

    @Test("an index that is down, breaks off or speaks no TLS is unreachable")
    func down() async throws {
        let name = try repository()
        let check = { @Sendable (url: String, roots: String?) in
            try await withClient(url, rootCertificates: roots) {
                await $0.check(authorization: token, repository: name, access: .read)
            }
        }
        let port = try await withService({ _, _ in answer(200) }) { port, _ in port }
        guard case .unreachable(let down) = try await check("http://127.0.0.1:\(port)", nil) else {
            Issue.record("nobody is there")
            return
        }
        #expect(down.hasPrefix("no connection: ") && down.contains("refused"), "\(down)")
        guard case .unreachable(let unknown) = try await check("http://index.invalid", nil) else {
            Issue.record("nobody is there")
            return
        }
        #expect(unknown == "no connection: the name index.invalid has no address")
        let broken = StreamBody(length: 1000) { writer in
            try await writer.write(ByteBuffer(string: "["))
            throw CancellationError()
        }
        let half = try await verdict(of: Response(status: .ok, body: .stream(broken)))
        #expect(half == .unreachable("the connection was closed before the answer was complete"))
        try await withService({ _, _ in answer(200, "[]") }) { port, questions in
            for roots in [nil, "/nonexistent.pem"] {
                guard case .unreachable(let reason) = try await check("https://127.0.0.1:\(port)", roots) else {
                    Issue.record("that was no TLS")
                    continue
                }
                #expect(reason.hasPrefix("TLS failed: "), "\(reason)")
            }
            #expect(questions.all == [])
        }
    }

    @Test("a redirect is not followed, so the token reaches nobody else")
    func redirects() async throws {
        let name = try repository()
        try await withService({ _, _ in answer(200, "[]") }) { other, stolen in
            for status in [301, 302, 303, 307, 308] {
                try await withService({ _, _ in answer(status, "", [.location: "http://127.0.0.1:\(other)/"]) }) { port, _ in
                    try await withClient("http://127.0.0.1:\(port)") { client in
                        let verdict = await client.check(authorization: token, repository: name, access: .read)
                        #expect(verdict == .unreachable("unexpected status \(status)"))
                    }
                }
            }
            #expect(stolen.all == [])
        }
    }

    @Test("an image may be used as a parent if the index says so in so many words")
    func layerAccess() async throws {
        let image = try #require(ImageID(one))
        let name = try repository()
        func mayUse(_ response: Response) async throws -> Result<Bool, ServiceFailure> {
            try await withService({ _, _ in response }) { port, questions in
                try await withClient("http://127.0.0.1:\(port)") { client in
                    let outcome: Result<Bool, ServiceFailure>
                    do throws(ServiceFailure) {
                        outcome = .success(try await client.mayUse(image, in: name, authorization: token))
                    } catch {
                        outcome = .failure(error)
                    }
                    #expect(questions.all == ["GET /v1/repositories/library/foo/layer/\(one)/access \(token)"])
                    return outcome
                }
            }
        }
        #expect(try await mayUse(answer(200, #"{"access": true}"#)) == .success(true))
        #expect(try await mayUse(answer(200, #"{"access": false}"#)) == .success(false))
        for status in [401, 403, 404] { #expect(try await mayUse(answer(status, #"{"access": true}"#)) == .success(false)) }
        for text in ["", "true", "{}", #"{"access": "true"}"#, #"{"access": 1}"#] {
            #expect(try await mayUse(answer(200, text)) == .failure(.malformed), "\(text)")
        }
        #expect(try await mayUse(answer(502)) == .failure(.status(502)))
    }

    @Test(
        "the address of a service is a scheme, a host and maybe a port",
        arguments: [
            ("http://index", "http://index", "index"), ("HTTPS://Index.example:443/", "https://Index.example:443", "Index.example"),
            ("http://[::1]:80", "http://[::1]:80", "[::1]"), ("https://a:80", "https://a:80", "a:80"),
        ])
    func urls(text: String, expected: String, host: String) {
        #expect(ServiceURL(text)?.description == expected)
        #expect(ServiceURL(text)?.hostField == host)
    }

    @Test(
        "what holds more than that is refused",
        arguments: [
            "", "index", "index:5000", "ftp://a", "http:a", "http:/a", "http://", "http:///", "http://a//", "http://a/v1", "http://u:p@a",
            "http://a?b", "http://a#b", "http://a:0", " http://a", "http://a b", "http://::1", "https://a\n",
        ])
    func refusedURLs(text: String) {
        #expect(ServiceURL(text) == nil)
    }
}
